package dev.twoliter.core.internal.project;

import dev.twoliter.api.Dialect;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.project.Manifest.Kind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Writes a specification as the files of a project, the way upstream lays them out (project-formats.md 4). */
final class ProjectWriter {

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> kits = new HashSet<>();

    private ProjectWriter() {}

    /**
     * {@return the files by path relative to the project, Twoliter.toml last}
     *
     * @param spec the specification
     * @throws InvalidProjectException if the files cannot express it
     */
    static Map<String, byte[]> files(ProjectSpec spec) {
        return files(spec, writer -> writer.write(spec));
    }

    /** {@return the files of one package of a specification} */
    static Map<String, byte[]> files(ProjectSpec spec, PackageSpec part) {
        return files(spec, writer -> writer.writePackage(part));
    }

    /** {@return the files of one kit of a specification} */
    static Map<String, byte[]> files(ProjectSpec spec, KitSpec part) {
        return files(spec, writer -> writer.writeKit(part));
    }

    /** {@return the files of one variant of a specification} */
    static Map<String, byte[]> files(ProjectSpec spec, VariantSpec part) {
        return files(spec, writer -> writer.writeVariant(part));
    }

    private static Map<String, byte[]> files(ProjectSpec spec, Consumer<ProjectWriter> part) {
        ProjectWriter writer = new ProjectWriter();
        spec.kits().forEach(kit -> writer.kits.add(kit.name()));
        part.accept(writer);
        writer.checkPaths();
        if (!writer.problems.isEmpty()) {
            throw new InvalidProjectException(writer.problems);
        }
        return writer.files;
    }

    private void write(ProjectSpec spec) {
        add(".gitignore", "/build/\n/" + RootFiles.OVERRIDE + "\n/keys/*secret*\n/keys/*private*\n/keys/*.key\n");
        add("Cargo.toml", workspace(spec));
        Set<String> groups = new LinkedHashSet<>();
        if (!spec.packages().isEmpty()) {
            files.putAll(shared(Kind.PACKAGE));
            spec.packages().forEach(this::writePackage);
            spec.packages().forEach(p -> groups.addAll(SourcesWorkspace.members(p)));
        }
        if (!spec.kits().isEmpty()) {
            files.putAll(shared(Kind.KIT));
            spec.kits().forEach(this::writeKit);
        }
        if (!spec.variants().isEmpty()) {
            files.putAll(shared(Kind.VARIANT));
            spec.variants().forEach(this::writeVariant);
        }
        if (!groups.isEmpty()) {
            files.putAll(SourcesWorkspace.files(groups));
        }
        if (!spec.trust().isEmpty()) {
            add(RootFiles.TRUST, trust(spec));
        }
        if (!spec.overrides().isEmpty()) {
            add(RootFiles.OVERRIDE, override(spec));
        }
        add(ProjectFiles.NAME, project(spec));
    }

    private void writeKit(KitSpec k) {
        add("kits/" + k.name() + "/Cargo.toml", kit(k));
    }

    private void writeVariant(VariantSpec v) {
        add("variants/" + v.name() + "/Cargo.toml", variant(v));
    }

    private static String workspace(ProjectSpec spec) {
        List<String> members = new ArrayList<>();
        spec.packages().forEach(p -> members.add("packages/" + p.name()));
        spec.kits().forEach(k -> members.add("kits/" + k.name()));
        spec.variants().forEach(v -> members.add("variants/" + v.name()));
        TomlText text = new TomlText()
                .comment("Cargo only finds the order of the builds; nothing here is a Rust program.")
                .table("workspace")
                .put("resolver", "2");
        return (members.isEmpty() ? text.put("members", members) : text.lines("members", members)).toString();
    }

    /** {@return the build script and the empty library that all manifests of a kind share} */
    static Map<String, byte[]> shared(Kind kind) {
        String script = """
                // The build script of every crate below: twoliter's buildsys does the work.
                fn main() {
                    let status = std::process::Command::new("buildsys").arg("%s").status();
                    if !matches!(status, Ok(s) if s.success()) {
                        std::process::exit(1);
                    }
                }
                """.formatted(kind.table());
        Map<String, byte[]> shared = new LinkedHashMap<>();
        shared.put(kind.directory + "/build.rs", script.getBytes(StandardCharsets.UTF_8));
        shared.put(
                kind.directory + "/" + kind.library,
                "// Cargo wants a library; this one is empty on purpose.\n".getBytes(StandardCharsets.UTF_8));
        return shared;
    }

    private void writePackage(PackageSpec p) {
        String directory = "packages/" + p.name() + "/";
        Map<String, byte[]> sources = p.sources();
        add(directory + "Cargo.toml", cargo(p, sources.containsKey(p.name() + ".spec")));
        p.declaration().ifPresent(d -> add(directory + "package.toml", PackageToml.format(p.name(), d)));
        sources.forEach((path, bytes) -> {
            if (path.equals("package.toml") || files.putIfAbsent(directory + path, bytes) != null) {
                problems.add(Problem.error(
                        "sources", "package '" + p.name() + "': a source may not be called '" + path + "'"));
            }
        });
        p.groupSources().forEach((path, bytes) -> {
            byte[] other = files.putIfAbsent(SourcesWorkspace.DIRECTORY + path, bytes);
            if (other != null && !Arrays.equals(other, bytes)) {
                problems.add(Problem.error(
                        "package.metadata.build-package.source-groups",
                        "package '" + p.name() + "': another package has another file sources/" + path));
            }
        });
    }

    private String cargo(PackageSpec p, boolean specIsWritten) {
        String who = "package '" + p.name() + "'";
        TomlText text = crateHeader(Kind.PACKAGE, p.crateName());
        text.table("package", "metadata", "build-package");
        if (!p.crateName().equals(p.name())) {
            text.put("package-name", p.name());
        }
        if (p.recipe() == Recipe.DECLARATIVE) {
            text.put("recipe", "declarative");
        } else if (!specIsWritten) {
            text.put("recipe", "spec");
        }
        if (!p.releasesUrl().isEmpty()) {
            text.put("releases-url", p.releasesUrl());
        }
        if (!p.sourceGroups().isEmpty()) {
            text.put("source-groups", p.sourceGroups());
        }
        for (ExternalFile file : p.externalFiles()) {
            externalFile(text.element("package", "metadata", "build-package", "external-files"), file);
        }
        dependencies(text, who, "build-dependencies", p.buildDependencies());
        dependencies(text, who, "dependencies", p.dependencies());
        return text.toString();
    }

    private static void externalFile(TomlText text, ExternalFile file) {
        text.put("url", file.url()).put("sha512", file.sha512());
        String path = file.pathOrNull();
        if (path != null) {
            text.put("path", path);
        }
        if (file.forceUpstream()) {
            text.put("force-upstream", true);
        }
        if (!file.bundleModules().isEmpty()) {
            text.put("bundle-modules", file.bundleModules());
        }
        String root = file.bundleRootPathOrNull();
        if (root != null) {
            text.put("bundle-root-path", root);
        }
        String output = file.bundleOutputPathOrNull();
        if (output != null) {
            text.put("bundle-output-path", output);
        }
    }

    private String kit(KitSpec k) {
        TomlText text = crateHeader(Kind.KIT, k.name());
        text.table("package", "metadata", "build-kit").put("vendor", k.vendor());
        List<String> needed = new ArrayList<>(k.packages());
        needed.addAll(k.kits());
        dependencies(text, "kit '" + k.name() + "'", "build-dependencies", needed);
        return text.toString();
    }

    private String variant(VariantSpec v) {
        TomlText text = crateHeader(Kind.VARIANT, v.crateName());
        text.table("package", "metadata", "build-variant").put("included-packages", v.packages());
        if (!v.kits().isEmpty()) {
            text.put("kits", v.kits());
        }
        if (v.imageFormat() != ImageFormat.RAW) {
            text.put("image-format", v.imageFormat().key());
        }
        if (!v.kernelParameters().isEmpty()) {
            text.put("kernel-parameters", v.kernelParameters());
        }
        if (!v.supportedArches().isEmpty()) {
            text.put(
                    "supported-arches",
                    v.supportedArches().stream().map(a -> a.rpmName()).toList());
        }
        v.overrides().forEach((attribute, value) -> text.put(attribute.key(), value));
        v.eifPcieFlags().ifPresent(flags -> text.raw("eif-pcie-flags", String.format(Locale.ROOT, "0x%x", flags)));
        v.eifKernelFormat().ifPresent(format -> text.put("eif-kernel-format", format.key()));
        if (!v.guestImages().isEmpty()) {
            text.table("package", "metadata", "build-variant", "guest-images");
            v.guestImages().forEach(text::put);
        }
        ImageLayout standard = v.isStandalone() ? ImageLayout.STANDALONE : ImageLayout.DEFAULT;
        if (!v.imageLayout().equals(standard)) {
            layout(text.table("package", "metadata", "build-variant", "image-layout"), v.imageLayout(), standard);
        }
        if (!v.features().isEmpty()) {
            text.table("package", "metadata", "build-variant", "image-features");
            v.features().forEach((feature, on) -> text.put(feature.key(), on));
        }
        dependencies(text, "variant '" + v.name() + "'", "build-dependencies", v.buildDependencies());
        if (!v.guestImages().isEmpty() && v.buildDependencies().isEmpty()) {
            text.table("build-dependencies");
        }
        v.guestImages().keySet().forEach(guest -> dependency(text, Kind.VARIANT, guest));
        return text.toString();
    }

    private static void layout(TomlText text, ImageLayout layout, ImageLayout d) {
        if (layout.osImageSizeGib() != d.osImageSizeGib()) {
            text.put("os-image-size-gib", layout.osImageSizeGib());
        }
        if (layout.dataImageSizeGib() != d.dataImageSizeGib()) {
            text.put("data-image-size-gib", layout.dataImageSizeGib());
        }
        if (layout.publishImageSizeHintGib() != d.publishImageSizeHintGib()) {
            text.put("publish-image-size-hint-gib", layout.publishImageSizeHintGib());
        }
        if (layout.partitionPlan() != d.partitionPlan()) {
            text.put("partition-plan", layout.partitionPlan().key());
        }
        layout.partitions().forEach(partition -> partition(text, partition));
    }

    private static void partition(TomlText text, PartitionSpec partition) {
        text.element("package", "metadata", "build-variant", "image-layout", "partitions")
                .put("label", partition.label())
                .put("size-mib", partition.sizeMib());
        partition.offsetMib().ifPresent(offset -> text.put("offset-mib", offset));
        partition.type().ifPresent(type -> text.put("type", type.toString()));
        if (partition.fileSystem() != PartitionSpec.FileSystem.NONE) {
            text.put("filesystem", partition.fileSystem().key());
        }
        if (partition.disk() != PartitionSpec.Disk.OS) {
            text.put("disk", partition.disk().key());
        }
    }

    private static TomlText crateHeader(Kind kind, String crate) {
        return new TomlText()
                .table("package")
                .put("name", crate)
                .put("version", "0.1.0")
                .put("edition", "2021")
                .put("publish", false)
                .put("build", "../build.rs")
                .table("lib")
                .put("path", "../" + kind.library);
    }

    private void dependencies(TomlText text, String who, String table, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        text.table(table);
        List<String> seen = new ArrayList<>();
        for (String name : names) {
            if (seen.contains(name)) {
                problems.add(Problem.error(table + "." + name, who + ": '" + name + "' is listed twice"));
                continue;
            }
            seen.add(name);
            dependency(text, kits.contains(name) ? Kind.KIT : Kind.PACKAGE, name);
        }
    }

    private static void dependency(TomlText text, Kind kind, String name) {
        text.raw(name.replace('.', '_'), "{ path = " + TomlText.string("../../" + kind.directory + "/" + name) + " }");
    }

    private static String trust(ProjectSpec spec) {
        TomlText text = new TomlText().comment("The public keys that images and RPMs of a vendor are signed with.");
        for (TrustSpec t : spec.trust().values()) {
            text.table("vendor", t.vendor());
            if (!t.imageKeys().isEmpty()) {
                text.put("image-keys", t.imageKeys());
            }
            if (!t.rpmKeys().isEmpty()) {
                text.put("rpm-keys", t.rpmKeys());
            }
            text.put("policy", t.policy().name().toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    private String override(ProjectSpec spec) {
        TomlText text = new TomlText().comment("Where this machine gets images from; not for version control.");
        List<List<String>> seen = new ArrayList<>();
        spec.overrides().forEach(o -> {
            if (seen.contains(List.of(o.vendor(), o.image()))) {
                problems.add(Problem.error(
                        o.vendor() + "." + o.image(),
                        "the override of " + o.vendor() + "/" + o.image() + " is there twice"));
                return;
            }
            seen.add(List.of(o.vendor(), o.image()));
            text.table(o.vendor(), o.image());
            String registry = o.registryOrNull();
            if (registry != null) {
                text.put("registry", registry);
            }
            String name = o.nameOrNull();
            if (name != null) {
                text.put("name", name);
            }
        });
        return text.toString();
    }

    private static String project(ProjectSpec spec) {
        TomlText text = new TomlText().put("schema-version", spec.dialect() == Dialect.SCHEMA_2 ? 2 : 1);
        spec.name().ifPresent(name -> text.put("project-name", name));
        text.put(
                spec.dialect() == Dialect.DESIGN ? "project-version" : "release-version",
                spec.releaseVersion().toString());
        if (spec.dialect() == Dialect.SCHEMA_2) {
            text.put("project-vendor", spec.projectVendor());
        }
        spec.vendors()
                .forEach((vendor, registry) -> text.table("vendor", vendor).put("registry", registry));
        spec.sdk()
                .ifPresent(sdk ->
                        image(text.table("sdk"), sdk.name(), sdk.version().toString(), sdk.vendor()));
        spec.dependencies()
                .forEach(kit ->
                        image(text.element("kit"), kit.name(), kit.version().toString(), kit.vendor()));
        return text.toString();
    }

    private static void image(TomlText text, String name, String version, String vendor) {
        text.put("name", name).put("version", version).put("vendor", vendor);
    }

    private void add(String path, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            files.put(path, copy);
        } catch (CharacterCodingException e) {
            problems.add(Problem.error("", path + ": a text holds half of a surrogate pair, which is no character"));
        }
    }

    /** A package called {@code build.rs}, or sources {@code a} and {@code a/b}. */
    private void checkPaths() {
        for (String path : files.keySet()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                String parent = path.substring(0, slash);
                if (files.containsKey(parent)) {
                    problems.add(Problem.error("", parent + " would be a file and a directory"));
                }
            }
        }
    }
}
