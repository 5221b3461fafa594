package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A project of a dozen spec packages in three kits: a C library with a subpackage for those who build against it, programs
 * that need it, a source group, and small packages around them.
 */
final class SpecWorld {

    static final Arch ARCH = Arch.host();
    static final List<String> SMALL = List.of("filesystem", "release", "motd", "ssh-keys", "sysctl", "profile");

    private SpecWorld() {}

    /** What a spec is written around. */
    static String spec(String name, String more) {
        return """
                Name: %%{_cross_os}%s
                Version: 1.0
                Release: 1%%{?dist}
                Summary: %s
                License: MIT
                %s
                """.formatted(name, name, more);
    }

    /** A spec that installs one text file. */
    static String small(String name) {
        return spec(name, """
                Source1: %s.txt

                %%description
                %%{summary}.

                %%install
                install -D -m 0644 %%{SOURCE1} %%{buildroot}%%{_cross_datadir}/%s.txt

                %%files
                %%{_cross_datadir}/%s.txt
                """.formatted(name, name, name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final String LIBGREET = spec("libgreet", """
            Source1: greet.c
            Source2: greet.h

            %description
            %{summary}.

            %package devel
            Summary: To build against it
            Requires: %{name}

            %description devel
            %{summary}.

            %prep
            %setup -T -c
            cp %{SOURCE1} %{SOURCE2} .

            %build
            gcc %{_cross_cflags} -fPIC -shared -o libgreet.so greet.c

            %install
            install -D -m 0755 libgreet.so %{buildroot}%{_cross_libdir}/libgreet.so
            install -D -m 0644 greet.h %{buildroot}%{_cross_includedir}/greet.h

            %files
            %{_cross_libdir}/libgreet.so

            %files devel
            %{_cross_includedir}/greet.h
            """);

    private static final String GREET = spec("greet", """
            Source1: main.c
            BuildRequires: %{_cross_os}libgreet-devel
            Requires: %{_cross_os}libgreet

            %description
            %{summary}.

            %prep
            %setup -T -c
            cp %{SOURCE1} .

            %build
            gcc -isystem %{_cross_sysroot}/usr/include -o greet main.c -L%{_cross_sysroot}/usr/lib -lgreet

            %install
            install -D -m 0755 greet %{buildroot}%{_cross_bindir}/greet

            %files
            %{_cross_bindir}/greet
            """);

    private static final String FROM_GROUP = spec("from-group", """
            %description
            %{summary}.

            %prep
            %setup -T -c

            %build
            gcc -o tool %{_builddir}/sources/tool/tool.c

            %install
            install -D -m 0755 tool %{buildroot}%{_cross_bindir}/from-group

            %files
            %{_cross_bindir}/from-group
            """);

    static ProjectSpec.Builder description(String registry) {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "oci:" + registry)
                .sdk("stand-in-sdk", "0.1.0", "acme")
                .addPackage(
                        "libgreet",
                        p -> p.specFile(LIBGREET)
                                .source("greet.c", bytes("#include \"greet.h\"\nint greet(void) { return 42; }\n"))
                                .source("greet.h", bytes("int greet(void);\n")))
                .addPackage(
                        "greet",
                        p -> p.specFile(GREET)
                                .source(
                                        "main.c",
                                        bytes(
                                                "#include <greet.h>\n#include <stdio.h>\nint main(void) { printf(\"%d\\n\","
                                                        + " greet()); return 0; }\n"))
                                .buildDependencies("base-kit")
                                .dependencies("motd"))
                .addPackage(
                        "greet-again",
                        p -> p.specFile(GREET.replace("}greet\n", "}greet-again\n")
                                        .replace("bindir}/greet", "bindir}/greet-again"))
                                .source(
                                        "main.c",
                                        bytes("#include <greet.h>\nint main(void) { return greet() == 42 ? 0 : 1; }\n"))
                                .buildDependencies("libgreet"))
                .addPackage(
                        "from-group",
                        p -> p.specFile(FROM_GROUP)
                                .sourceGroup("tool", Map.of("tool.c", bytes("int main(void) { return 0; }\n"))));
        for (String name : SMALL) {
            spec.addPackage(name, p -> p.specFile(small(name)).source(name + ".txt", bytes("this is " + name + "\n")));
        }
        return spec.addKit("base-kit", k -> k.packages("libgreet", "filesystem", "release"))
                .addKit("tool-kit", k -> k.packages("greet", "greet-again").requires("base-kit"))
                .addKit(
                        "app-kit",
                        k -> k.packages("from-group", "ssh-keys", "sysctl", "profile")
                                .requires("tool-kit"))
                .addVariant(
                        "metal-demo",
                        v -> v.kits("app-kit", "tool-kit", "base-kit")
                                .packages("release", "filesystem", "greet", "greet-again", "from-group", "sysctl"));
    }

    static Project create(
            Path directory, Environment environment, String registry, UnaryOperator<ProjectSpec.Builder> more) {
        Project project =
                Twoliter.create(directory, more.apply(description(registry)).build(), environment);
        project.updateLock().write();
        return Twoliter.open(directory, environment);
    }

    /** The steps of a plan that are not up to date, as {@code kind name}. */
    static List<String> stale(Path directory, Environment environment, BuildRequest request) {
        return Twoliter.open(directory, environment).plan(request).steps().stream()
                .filter(step -> !step.upToDate())
                .map(SpecWorld::name)
                .sorted()
                .toList();
    }

    static String name(Step step) {
        return step.id().kind().name().toLowerCase(java.util.Locale.ROOT) + " "
                + step.id().name();
    }

    /** Files and their modification times below a directory. */
    static Map<String, String> times(Path directory) {
        Map<String, String> times = new TreeMap<>();
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times.put(
                        directory.relativize(file).toString(),
                        Files.getLastModifiedTime(file).toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return times;
    }
}
