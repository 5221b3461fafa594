package dev.twoliter.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Project trees of the size and shape of real ones (project-formats.md 4.9 and 10): names, dependencies and totals are
 * those of the real trees or plausible, the text is ours. Addresses and digests lead nowhere. Stateless.
 */
public final class RealTrees {

    private static final String SDK = "bottlerocket-sdk";
    private static final String SDK_VERSION = "0.46.0";

    private RealTrees() {}

    /**
     * Writes a tree like bottlerocket-core-kit 3.1.1: one kit of 121 packages, 208 external files, 211 build and 69
     * run-time dependencies among the packages, 122 members of the workspace, a lock without kits.
     *
     * @param directory where; made if it is missing
     * @return the directory
     */
    public static Path coreKit(Path directory) {
        List<String[]> rows = rows("core-kit.txt");
        List<String> names = new ArrayList<>();
        List<String> members = new ArrayList<>();
        for (String[] row : rows) {
            names.add(row[0]);
            members.add("packages/" + row[0]);
            packageFiles(directory, row);
        }
        members.add("kits/bottlerocket-core-kit");
        kit(directory, "bottlerocket-core-kit", "bottlerocket", names, List.of());
        workspace(directory, members);
        project(directory, "3.1.1", List.of());
        return directory;
    }

    /**
     * Writes a tree like bottlerocket 1.26.1: 29 variants, each of which depends on three local packages, and one
     * external kit, with its lock.
     *
     * @param directory where; made if it is missing
     * @return the directory
     */
    public static Path bottlerocket(Path directory) {
        List<String> settings = List.of("settings-defaults", "settings-plugins", "settings-migrations");
        packageFiles(directory, "settings-defaults", "", "", "", "settings-defaults");
        packageFiles(directory, "settings-plugins", "", "", "", "settings-plugins");
        packageFiles(directory, "settings-migrations", "", "", "", "settings-migrations");
        // Cargo takes packages that are named by a path, members or not; the real tree leaves this one out.
        List<String> members = new ArrayList<>(List.of("packages/settings-defaults", "packages/settings-plugins"));
        for (String[] row : rows("bottlerocket.txt")) {
            members.add("variants/" + row[0]);
            variant(directory, row, settings);
        }
        workspace(directory, members);
        project(directory, "1.26.1", List.of("bottlerocket-core-kit 3.1.1"));
        return directory;
    }

    /**
     * Writes upstream's test project (project-formats.md 4.9): four kits, seven packages and the variant hello-ootb.
     *
     * @param directory where; made if it is missing
     * @return the directory
     */
    public static Path testProject(Path directory) {
        packageFiles(directory, "pkg-a-1.27", "", "", "", "");
        for (String name : List.of("pkg-b", "pkg-c", "pkg-d", "pkg-f")) {
            packageFiles(directory, name, "core-kit", "", "", "");
        }
        packageFiles(directory, "pkg-e", "extra-1-kit extra-2-kit", "", "", "");
        packageFiles(directory, "pkg-g", "core-kit", "pkg-f", "", "");
        String vendor = "bottlerocket";
        kit(directory, "core-kit", vendor, List.of("pkg-a-1.27"), List.of());
        kit(directory, "extra-1-kit", vendor, List.of("pkg-b", "pkg-d"), List.of("core-kit"));
        kit(directory, "extra-2-kit", vendor, List.of("pkg-c"), List.of("core-kit"));
        kit(directory, "extra-3-kit", vendor, List.of("pkg-e", "pkg-g"), List.of("extra-1-kit", "extra-2-kit"));
        write(
                directory.resolve("variants/hello-ootb/Cargo.toml"),
                cargo("hello-ootb", "variants.rs") + "\n[package.metadata.build-variant]\n"
                        + "included-packages = [\"pkg-e\"]\n"
                        + dependencies("build-dependencies", List.of("extra-3-kit")));
        shared(directory, "variants", "variants.rs", "build-variant");
        workspace(
                directory,
                List.of(
                        "kits/core-kit",
                        "kits/extra-1-kit",
                        "kits/extra-2-kit",
                        "kits/extra-3-kit",
                        "variants/hello-ootb"));
        project(directory, "1.0.0", List.of());
        return directory;
    }

    private static List<String[]> rows(String resource) {
        try (InputStream in = Objects.requireNonNull(RealTrees.class.getResourceAsStream(resource), resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split("\\|", -1))
                            .map(String::strip)
                            .toArray(String[]::new))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("[ ,]+"));
    }

    /** The columns of core-kit.txt. */
    private static void packageFiles(Path root, String... row) {
        String name = row[0];
        StringBuilder text = new StringBuilder(cargo(name, "packages.rs"));
        text.append("\n[package.metadata.build-package]\n");
        if (name.contains(".")) {
            text.append("package-name = \"").append(name).append("\"\n");
        }
        if (!row[4].isEmpty()) {
            text.append("source-groups = ").append(strings(words(row[4]))).append('\n');
            words(row[4]).forEach(group -> write(root.resolve("sources/" + group + "/lib.rs"), "// Made up.\n"));
        }
        if (!row[3].isEmpty()) {
            text.append("releases-url = \"https://files.example/").append(name).append("/\"\n");
        }
        for (int i = 0; i < row[3].length(); i++) {
            text.append('\n').append(externalFile(name, row[3].charAt(i), i));
        }
        text.append(dependencies("build-dependencies", words(row[1])));
        text.append(dependencies("dependencies", words(row[2])));
        Path directory = root.resolve("packages/" + name);
        write(directory.resolve("Cargo.toml"), text.toString());
        write(directory.resolve(name + ".spec"), """
                Name: %%{_cross_os}%s
                Version: 1.0
                Release: 1%%{?dist}
                Summary: Stands in for %s
                License: MIT

                %%description
                %%{summary}.

                %%files
                """.formatted(name, name));
        shared(root, "packages", "packages.rs", "build-package");
    }

    private static String externalFile(String name, char kind, int index) {
        // The same archive once more has the number of the one before.
        int number = kind == 'G' ? index - 1 : index;
        String archive = name + "-1." + number + ".tar.gz";
        StringBuilder text = new StringBuilder("[[package.metadata.build-package.external-files]]\n");
        text.append("url = \"https://files.example/").append(name).append('/');
        text.append(kind == 'p' ? "v1." + number + ".tar.gz" : archive).append("\"\n");
        String digits = String.format(Locale.ROOT, "%08x%08x", name.hashCode(), number);
        text.append("sha512 = \"").append(digits.repeat(8)).append("\"\n");
        switch (kind) {
            case 'f' -> text.append("force-upstream = true\n");
            case 'p' -> text.append("path = \"").append(archive).append("\"\n");
            case 'g' -> text.append("bundle-modules = [\"go\"]\n");
            case 'G' ->
                text.append("bundle-modules = [\"go\"]\nbundle-root-path = \"")
                        .append(name)
                        .append("-1/inner\"\nbundle-output-path = \"bundled-inner.tar.gz\"\n");
            default -> {}
        }
        return text.toString();
    }

    private static void kit(Path root, String name, String vendor, List<String> packages, List<String> kits) {
        List<String> all = new ArrayList<>(kits);
        all.addAll(packages);
        write(
                root.resolve("kits/" + name + "/Cargo.toml"),
                cargo(name, "kit.rs") + "\n[package.metadata.build-kit]\nvendor = \"" + vendor + "\"\n"
                        + dependencies("build-dependencies", all));
        shared(root, "kits", "kit.rs", "build-kit");
    }

    /** The columns of bottlerocket.txt. */
    private static void variant(Path root, String[] row, List<String> dependencies) {
        StringBuilder text = new StringBuilder(cargo(row[0], "variants.rs"));
        text.append("\n[package.metadata.build-variant]\n");
        text.append("included-packages = ").append(strings(words(row[1]))).append('\n');
        if (!row[2].isEmpty()) {
            text.append("image-format = \"").append(row[2]).append("\"\n");
        }
        if (!row[5].isEmpty()) {
            text.append("supported-arches = ").append(strings(words(row[5]))).append('\n');
        }
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(row[6]); i++) {
            parameters.add("made.up=" + i);
        }
        text.append("kernel-parameters = ").append(strings(parameters)).append('\n');
        if (!row[3].isEmpty()) {
            text.append("\n[package.metadata.build-variant.image-layout]\n");
            text.append(row[3].contains("os 4") ? "os-image-size-gib = 4\n" : "");
            text.append(row[3].contains("unified") ? "partition-plan = \"unified\"\n" : "");
        }
        if (!row[4].isEmpty()) {
            text.append("\n[package.metadata.build-variant.image-features]\n");
            words(row[4]).forEach(feature -> text.append(feature).append(" = true\n"));
        }
        text.append(dependencies("build-dependencies", dependencies));
        write(root.resolve("variants/" + row[0] + "/Cargo.toml"), text.toString());
        shared(root, "variants", "variants.rs", "build-variant");
    }

    private static String crate(String name) {
        return name.replace('.', '_');
    }

    private static String cargo(String name, String library) {
        return """
                [package]
                name = "%s"
                version = "0.1.0"
                edition = "2021"
                publish = false
                build = "../build.rs"

                [lib]
                path = "../%s"
                """.formatted(crate(name), library);
    }

    private static String dependencies(String table, List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(text.isEmpty() ? "\n[" + table + "]\n" : "");
            String kind = name.endsWith("-kit") ? "kits" : "packages";
            text.append(crate(name))
                    .append(" = { path = \"../../")
                    .append(kind)
                    .append('/')
                    .append(name);
            text.append("\" }\n");
        }
        return text.toString();
    }

    private static String strings(List<String> values) {
        return "[\"" + String.join("\", \"", values) + "\"]";
    }

    private static void shared(Path root, String kind, String library, String command) {
        write(root.resolve(kind + "/build.rs"), "// Runs buildsys " + command + ".\nfn main() {}\n");
        write(root.resolve(kind + "/" + library), "// Empty on purpose.\n");
    }

    private static void workspace(Path root, List<String> members) {
        write(
                root.resolve("Cargo.toml"),
                "[workspace]\nresolver = \"2\"\nmembers = [\n    \"" + String.join("\",\n    \"", members)
                        + "\",\n]\n");
    }

    /** Twoliter.toml and Twoliter.lock, as twoliter 0.5 has them; each kit is {@code NAME VERSION}. */
    private static void project(Path root, String version, List<String> kits) {
        StringBuilder toml = new StringBuilder("""
                schema-version = 1
                release-version = "%s"

                [vendor.bottlerocket]
                registry = "public.ecr.aws/bottlerocket"

                [sdk]
                name = "%s"
                version = "%s"
                vendor = "bottlerocket"
                """.formatted(version, SDK, SDK_VERSION));
        StringBuilder lock = new StringBuilder("schema-version = 1\n" + (kits.isEmpty() ? "kit = []\n" : ""));
        lock.append("\n[sdk]\n").append(locked(SDK, SDK_VERSION));
        for (String kit : kits) {
            String[] parts = kit.split(" ");
            toml.append("\n[[kit]]\nname = \"")
                    .append(parts[0])
                    .append("\"\nversion = \"")
                    .append(parts[1]);
            toml.append("\"\nvendor = \"bottlerocket\"\n");
            lock.append("\n[[kit]]\n").append(locked(parts[0], parts[1]));
        }
        write(root.resolve("Twoliter.toml"), toml.toString());
        write(root.resolve("Twoliter.lock"), lock.toString());
    }

    /** An entry of the lock; its digest is one of nothing, in base64. */
    private static String locked(String name, String version) {
        return """
                name = "%1$s"
                version = "%2$s"
                vendor = "bottlerocket"
                source = "public.ecr.aws/bottlerocket/%1$s:v%2$s"
                digest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
                """.formatted(name, version);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
