package dev.twoliter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTest {

    private static ProjectSpec.Builder good() {
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .projectVendor("Acme Linux")
                .vendor("acme", "registry.example/os")
                .sdk("acme-sdk", "0.50.0", "acme")
                .dependsOnKit("base-kit", "2.1.0", "acme")
                .addPackage("hello", SpecTest::hello)
                .addKit("app-kit", k -> k.packages("hello"))
                .addVariant(
                        "metal-demo", v -> v.kits("app-kit", "acme/base-kit").packages("hello"));
    }

    private static PackageSpec.Builder hello(PackageSpec.Builder p) {
        return p.version("1.0").summary("Says hello").license("MIT").script("/usr/bin/hello", "#!/bin/sh\n");
    }

    private static List<String> problems(Runnable build) {
        InvalidProjectException e = catchThrowableOfType(InvalidProjectException.class, build::run);
        assertThat(e).isNotNull();
        return e.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void a_spec_built_again_from_itself_is_equal() {
        ProjectSpec spec = good().build();
        assertThat(spec.toBuilder().build()).isEqualTo(spec).hasSameHashCodeAs(spec);
        PackageSpec hello = spec.packages().get(0);
        assertThat(hello.toBuilder().build()).isEqualTo(hello);
        assertThat(hello.toBuilder().version("2.0").build()).isNotEqualTo(hello);
        VariantSpec variant = spec.variants().get(0);
        assertThat(variant.toBuilder().build()).isEqualTo(variant);
    }

    @Test
    void the_only_vendor_is_that_of_the_kits() {
        assertThat(good().build().kits().get(0).vendor()).isEqualTo("acme");
        assertThat(problems(() -> good().vendor("other", "r.example").build()))
                .singleElement()
                .asString()
                .contains("kit 'app-kit': vendor is missing");
    }

    @Test
    void all_problems_are_told_at_once() {
        assertThat(problems(() -> ProjectSpec.builder()
                        .releaseVersion("one")
                        .sdk("s", "1", "nobody")
                        .addPackage(
                                "bad name",
                                p -> p.version("").license("GPL AND").summary("a\nb"))
                        .addVariant("metal", v -> v)
                        .build()))
                .anyMatch(p -> p.contains("'one' is not a semantic version"))
                .anyMatch(p -> p.contains("'s': '1' is not a semantic version"))
                .anyMatch(p -> p.contains("'bad name' is not allowed"))
                .anyMatch(p -> p.contains("version must not be empty"))
                .anyMatch(p -> p.contains("license 'GPL AND' is not an SPDX expression"))
                .anyMatch(p -> p.contains("summary must be one line"))
                .anyMatch(p -> p.contains("PLATFORM-RUNTIME"));
    }

    @Test
    void what_is_referred_to_must_be_there() {
        assertThat(problems(() -> good().addKit("k", k -> k.packages("nope").requires("none"))
                        .build()))
                .anyMatch(p -> p.contains("kit 'k': there is no package or kit 'nope'"))
                .anyMatch(p -> p.contains("'none'"));
        assertThat(problems(() -> good().dependsOnKit("x", "1.0.0", "ghost").build()))
                .anyMatch(p -> p.contains("vendor 'ghost' is not defined"));
        assertThat(problems(
                        () -> good().addVariant("aws-x", v -> v.kits("gone")).build()))
                .anyMatch(p -> p.contains("kit 'gone'"));
    }

    private static void refused(UnaryOperator<PackageSpec.Builder> change, String message) {
        assertThat(problems(() -> change.apply(hello(PackageSpec.builder("p"))).build()))
                .anyMatch(p -> p.contains(message));
    }

    @Test
    void contents_stay_in_the_image_and_sources_in_the_package() {
        refused(p -> p.addContent(Content.of(ContentType.FILE, "a", "relative")), "is not an absolute path");
        refused(p -> p.addContent(Content.of(ContentType.FILE, "a", "/a/../b")), "is not an absolute path");
        refused(p -> p.addContent(Content.of(ContentType.FILE, "../a", "/a")), "not a path inside the package");
        refused(p -> p.addContent(Content.of(ContentType.FILE, "/etc/passwd", "/a")), "not a path inside");
        refused(p -> p.addContent(Content.of(ContentType.FILE, "", "/a")), "needs a src");
        refused(p -> p.addContent(Content.of(ContentType.DIR, "a", "/a")), "has no src");
        refused(p -> p.addContent(Content.of(ContentType.FILE, "a", "/a").withMode(010000)), "mode must be");
        refused(p -> p.source("../x", new byte[0]), "not a path inside");
        refused(p -> p.file("/usr/bin/hello", "twice"), "'/usr/bin/hello' is listed twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MIT",
                "Apache-2.0 OR MIT",
                "(GPL-2.0-only WITH Classpath-exception-2.0) AND MIT",
                "LicenseRef-own"
            })
    void spdx_expressions_are_taken(String license) {
        assertThat(hello(PackageSpec.builder("p"))
                        .license(license)
                        .build()
                        .declaration()
                        .orElseThrow()
                        .license())
                .isEqualTo(license);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MIT OR", "(MIT", "MIT)", "MIT MIT", "OR", "MIT AND AND MIT", "M/T"})
    void other_licences_are_not(String license) {
        refused(p -> p.license(license), "is not an SPDX expression");
    }

    @Test
    void a_variants_name_says_what_it_is() {
        VariantSpec variant = VariantSpec.builder("aws-k8s-1.31-nvidia-x").build();
        assertThat(variant.platform()).isEqualTo("aws");
        assertThat(variant.family()).isEqualTo("aws-k8s");
        assertThat(variant.version()).contains("1.31");
        assertThat(variant.flavor()).contains("nvidia");
        assertThat(variant.crateName()).isEqualTo("aws-k8s-1_31-nvidia-x");
        for (String bad : List.of("aws", "aws-", "aws-dev-", "aws-k8s-1.24-", "-x")) {
            assertThatThrownBy(() -> VariantSpec.builder(bad).build()).isInstanceOf(InvalidProjectException.class);
        }
    }

    @Test
    void features_have_defaults_that_a_variant_can_change() {
        VariantSpec variant = VariantSpec.builder("metal-dev")
                .with(ImageFeature.FIPS)
                .without(ImageFeature.HOST_CONTAINERS)
                .build();
        assertThat(variant.has(ImageFeature.IN_PLACE_UPDATES)).isTrue();
        assertThat(variant.has(ImageFeature.HOST_CONTAINERS)).isFalse();
        assertThat(variant.has(ImageFeature.FIPS)).isTrue();
        assertThat(ImageFeature.of("in-place-updates")).contains(ImageFeature.IN_PLACE_UPDATES);
    }

    @Test
    void two_files_of_one_name_keep_both_contents() {
        PackageSpec spec = hello(PackageSpec.builder("p"))
                .file("/a/conf", "one")
                .file("/b/conf", "two")
                .build();
        assertThat(spec.sources()).containsKeys("conf", "b-conf");
        assertThat(spec.sources().get("conf")).isNotEqualTo(spec.sources().get("b-conf"));
    }

    @Test
    void only_the_designs_dialect_has_a_project_name() {
        assertThat(problems(() -> good().name("demo").build())).anyMatch(p -> p.contains("project-name"));
        assertThat(ProjectSpec.builder()
                        .dialect(Dialect.DESIGN)
                        .name("demo")
                        .releaseVersion("1.0.0")
                        .build()
                        .name())
                .contains("demo");
    }

    @Nested
    class External_files {

        private static final String A = "0a".repeat(64);
        private static final String B = "0b".repeat(64);

        private static ExternalFile file(String url, String sha512, @Nullable String path, @Nullable String bundle) {
            return new ExternalFile(url, sha512, path, false, bundle == null ? List.of() : List.of("go"), null, bundle);
        }

        private static List<String> problems(ExternalFile... files) {
            PackageSpec.Builder spec = PackageSpec.builder("x").spec();
            List.of(files).forEach(spec::addExternalFile);
            try {
                spec.build();
                return List.of();
            } catch (InvalidProjectException e) {
                return e.problems().stream().map(Problem::toString).toList();
            }
        }

        @Test
        void are_called_by_the_last_part_of_their_url_unless_they_have_a_path() {
            assertThat(file("https://h.example/a/b%20c-1.tar.gz?x=/y#z", A, null, null)
                            .name())
                    .isEqualTo("b%20c-1.tar.gz");
            assertThat(file("https://h.example/a", A, "b", null).name()).isEqualTo("b");
            assertThat(file("https://h.example/a", A, "b", null).bundleName()).isEqualTo("bundled-b");
            assertThat(file("https://h.example/a", A, "b", "c").bundleName()).isEqualTo("c");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"https://h.example", "https://h.example/", "https://h.example/a/", "https://h.example/.."})
        void need_a_path_where_the_url_names_no_file(String url) {
            assertThat(problems(file(url, A, null, null)))
                    .singleElement()
                    .asString()
                    .contains("external-files[0].url");
            assertThat(problems(file(url, A, "a", null))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".", "..", "a/b", "/a", "a\\b", "a\0", "a\nb", "\u007f"})
        void cannot_leave_the_package_by_their_names(String name) {
            assertThat(problems(file("https://h.example/a", A, name, null)))
                    .singleElement()
                    .asString()
                    .contains("external-files[0].path");
            assertThat(problems(file("https://h.example/a", A, null, name)))
                    .singleElement()
                    .asString()
                    .contains("external-files[0].bundle-output-path");
            assertThat(problems(file("https://h.example/a", A, "a".repeat(201), null)))
                    .hasSize(1);
        }

        @Test
        void may_not_have_one_name_for_two_contents() {
            assertThat(problems(file("https://h.example/a", A, null, null), file("https://i.example/a", B, null, null)))
                    .singleElement()
                    .asString()
                    .contains("external-files[1].url", "'a' has a different sha512");
            assertThat(problems(file("https://h.example/a", A, null, null), file("https://i.example/b", B, "a", null)))
                    .singleElement()
                    .asString()
                    .contains("external-files[1].path");
            assertThat(problems(file("https://h.example/a", A, null, null), file("https://i.example/a", A, null, null)))
                    .isEmpty();
        }

        @Test
        void may_be_listed_twice_for_two_bundles_whose_names_differ() {
            ExternalFile one = file("https://h.example/a", A, null, "b1");
            assertThat(problems(one, file("https://h.example/a", A, null, "b2")))
                    .isEmpty();
            assertThat(problems(one, one)).singleElement().asString().contains("external-files[1].bundle-output-path");
            assertThat(problems(one, file("https://h.example/c", B, "b1", null)))
                    .hasSize(1);
        }
    }
}
