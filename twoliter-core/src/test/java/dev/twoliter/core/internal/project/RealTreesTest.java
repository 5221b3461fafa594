package dev.twoliter.core.internal.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.testing.RealTrees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The totals of project-formats.md 10, which are those of the real trees. */
class RealTreesTest {

    @TempDir
    Path temp;

    @Test
    void a_tree_like_the_core_kit_loads_in_full() throws Exception {
        Project project = Twoliter.open(RealTrees.coreKit(temp));
        ProjectSpec spec = project.spec();

        assertThat(project.warnings())
                .singleElement()
                .satisfies(w -> assertThat(w.message()).startsWith("this lock has the old schema 1"));
        assertThat(project.lock())
                .hasValueSatisfying(lock -> assertThat(lock.kits()).isEmpty());
        assertThat(spec.variants()).isEmpty();
        assertThat(spec.kits()).singleElement().satisfies(kit -> {
            assertThat(kit.name()).isEqualTo("bottlerocket-core-kit");
            assertThat(kit.vendor()).isEqualTo("bottlerocket");
            assertThat(kit.packages()).hasSize(121);
        });
        assertThat(spec.packages()).hasSize(121).allMatch(p -> p.recipe() == Recipe.SPEC);
        assertThat(Files.readAllLines(temp.resolve("Cargo.toml")))
                .filteredOn(line -> line.startsWith("    \""))
                .hasSize(122);
        assertThat(count(spec, PackageSpec::buildDependencies)).isEqualTo(211);
        assertThat(count(spec, PackageSpec::dependencies)).isEqualTo(69);
        assertThat(spec.packages())
                .filteredOn(p -> !p.sourceGroups().isEmpty())
                .hasSize(6)
                .anyMatch(p -> p.sourceGroups().size() == 17);
    }

    @Test
    void a_tree_like_the_core_kit_has_the_external_files() {
        ProjectSpec spec = Twoliter.open(RealTrees.coreKit(temp)).spec();

        assertThat(spec.packages())
                .filteredOn(p -> !p.externalFiles().isEmpty())
                .hasSize(109);
        assertThat(files(spec, file -> true)).hasSize(208);
        assertThat(files(spec, ExternalFile::forceUpstream)).hasSize(15);
        assertThat(files(spec, file -> file.bundleModules().contains("go"))).hasSize(11);
        assertThat(files(spec, file -> file.pathOrNull() != null)).hasSize(8);
        assertThat(files(spec, file -> file.bundleRootPathOrNull() != null)).hasSize(1);
        assertThat(files(spec, file -> file.bundleOutputPathOrNull() != null)).hasSize(1);
    }

    @Test
    void a_tree_like_bottlerocket_loads_in_full() {
        Project project = Twoliter.open(RealTrees.bottlerocket(temp));
        ProjectSpec spec = project.spec();

        assertThat(spec.kits()).isEmpty();
        assertThat(spec.packages())
                .extracting(PackageSpec::name)
                .containsExactly("settings-defaults", "settings-migrations", "settings-plugins");
        assertThat(spec.variants())
                .hasSize(29)
                .allSatisfy(v -> assertThat(v.buildDependencies())
                        .containsExactlyInAnyOrder("settings-defaults", "settings-migrations", "settings-plugins"));
        assertThat(spec.variants())
                .filteredOn(v -> v.imageFormat() == ImageFormat.VMDK)
                .hasSize(5);
        assertThat(spec.variants().stream().filter(v -> v.has(ImageFeature.UEFI_SECURE_BOOT)))
                .hasSize(19);
        assertThat(spec.variants()).extracting(VariantSpec::name).contains("aws-k8s-1.31-nvidia", "metal-k8s-1.29");
        assertThat(spec.dependencies())
                .singleElement()
                .satisfies(kit -> assertThat(kit.name()).isEqualTo("bottlerocket-core-kit"));
        assertThat(project.lock())
                .hasValueSatisfying(lock -> assertThat(lock.kits())
                        .singleElement()
                        .satisfies(kit -> assertThat(kit.version()).hasToString("3.1.1")));
    }

    private static int count(ProjectSpec spec, Function<PackageSpec, List<String>> names) {
        return spec.packages().stream().mapToInt(p -> names.apply(p).size()).sum();
    }

    private static List<ExternalFile> files(ProjectSpec spec, Predicate<ExternalFile> which) {
        return spec.packages().stream()
                .flatMap(p -> p.externalFiles().stream())
                .filter(which)
                .toList();
    }
}
