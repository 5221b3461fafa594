package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of migrations that comes with an image. */
@Tag("any-jdk")
class MigrationsTest {
    @TempDir
    Path directory;

    private Path build(String migration) {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "oci:./registry")
                .addPackage(
                        "hello",
                        p -> p.version("1.0")
                                .summary("Says hello")
                                .license("MIT")
                                .script("/usr/bin/hello", "#!/bin/sh\n"));
        if (!migration.isEmpty()) {
            spec.addPackage(
                    "migrations",
                    p -> p.version("1.0")
                            .summary("Carries settings over")
                            .license("MIT")
                            .script(migration + "/migrate_v1.0.0_a", "#!/bin/sh\necho a\n")
                            .script(migration + "/migrate_v1.0.0_b", "#!/bin/sh\necho b\n"));
        }
        spec.addKit(
                        "kit",
                        k -> k.vendor("acme")
                                .packages(
                                        migration.isEmpty()
                                                ? new String[] {"hello"}
                                                : new String[] {"hello", "migrations"}))
                .addVariant("metal-small", v -> v.kits("kit").packages("hello").layout(l -> l.osImageGib(1)));
        Project project = Twoliter.create(
                directory.resolve("project"), spec.build(), Environment.of(Map.of(), directory.resolve("cache")));
        project.plan(b -> b.variant("metal-small").arch(Arch.X86_64)).run();
        return project.directory()
                .resolve(
                        "build/images/x86_64-metal-small/latest/bottlerocket-metal-small-x86_64-v1.0.0-migrations.tar");
    }

    @Test
    @Peer({"tar", "lz4"})
    void it_has_each_program_of_every_package_of_migrations_compressed() throws IOException {
        Path archive = build("/x86_64-bottlerocket-linux-gnu/sys-root/usr/share/migrations");

        Path inside = Files.createDirectory(directory.resolve("inside"));
        Command.output("tar", "-xf", archive, "-C", inside);
        assertThat(Command.output("tar", "-tf", archive).lines())
                .containsExactly("migrate_v1.0.0_a.lz4", "migrate_v1.0.0_b.lz4");
        assertThat(Command.output("lz4", "-dc", inside.resolve("migrate_v1.0.0_b.lz4")))
                .isEqualTo("#!/bin/sh\necho b\n");
    }

    @Test
    @Peer("tar")
    void it_is_empty_where_there_are_none() {
        assertThat(Command.output("tar", "-tf", build(""))).isEmpty();
    }

    @Test
    void a_package_of_migrations_without_any_is_refused() {
        assertThatThrownBy(() -> build("/usr/share/elsewhere"))
                .isInstanceOf(TwoliterException.class)
                .hasMessageContaining("has none in /usr/share/migrations/");
    }
}
