package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.project.Manifest.Kind;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Adds packages, kits and variants to a project on disk: new directories, and entries in the manifests that are there. The
 * project is read again afterwards; unless it now holds what was added, nothing is kept. One object makes one addition.
 */
public final class ProjectAdditions {

    private final ProjectModel model;
    private final Map<Path, byte[]> files = new LinkedHashMap<>();
    private final Map<Path, TomlEditor> edits = new LinkedHashMap<>();

    private ProjectAdditions(ProjectModel model) {
        this.model = model;
    }

    /**
     * Adds a package.
     *
     * @param model the project
     * @param spec the package
     * @param kits the local kits that get it
     * @return the project as it is then
     */
    public static ProjectModel addPackage(ProjectModel model, PackageSpec spec, Set<String> kits) {
        ProjectAdditions additions = new ProjectAdditions(model);
        additions.requireNew(Kind.PACKAGE, spec.name());
        additions.requireKits(kits);
        ProjectSpec whole = model.spec().toBuilder().addPackage(spec).build();
        additions.add(Kind.PACKAGE, spec.name(), ProjectWriter.files(whole, spec));
        kits.forEach(kit -> additions.edit(
                "kits/" + kit + "/Cargo.toml",
                editor -> editor.put(
                        "build-dependencies", spec.crateName(), "{ path = \"../../packages/" + spec.name() + "\" }")));
        List<String> groups = SourcesWorkspace.members(spec);
        if (additions.exists(SourcesWorkspace.MANIFEST)) {
            groups.forEach(group -> additions.edit(SourcesWorkspace.MANIFEST, editor -> withMember(editor, group)));
        } else if (!groups.isEmpty()) {
            additions.addMissing(SourcesWorkspace.files(groups));
        }
        return additions.write(read -> read.packages().contains(spec)
                && read.kits().stream()
                        .filter(kit -> kits.contains(kit.name()))
                        .allMatch(kit -> kit.packages().contains(spec.name())));
    }

    /**
     * Adds a local kit.
     *
     * @param model the project
     * @param spec the kit; without a vendor it gets the only one
     * @return the project as it is then
     */
    public static ProjectModel addKit(ProjectModel model, KitSpec spec) {
        ProjectAdditions additions = new ProjectAdditions(model);
        additions.requireNew(Kind.KIT, spec.name());
        Set<String> vendors = model.spec().vendors().keySet();
        if (spec.vendor().isEmpty() && vendors.size() != 1) {
            throw refusal(
                    "package.metadata.build-kit.vendor",
                    "kit '" + spec.name() + "': vendor is missing",
                    vendors.isEmpty()
                            ? "add [vendor.NAME] with its registry to " + ProjectFiles.NAME + ", and name it"
                            : "name one of " + String.join(", ", vendors));
        }
        ProjectSpec whole = model.spec().toBuilder().addKit(spec).build();
        KitSpec kit = whole.kits().stream()
                .filter(k -> k.name().equals(spec.name()))
                .findFirst()
                .orElseThrow();
        additions.add(Kind.KIT, kit.name(), ProjectWriter.files(whole, kit));
        return additions.write(read -> read.kits().contains(kit));
    }

    /**
     * Adds a variant.
     *
     * @param model the project
     * @param spec the variant
     * @return the project as it is then
     */
    public static ProjectModel addVariant(ProjectModel model, VariantSpec spec) {
        ProjectAdditions additions = new ProjectAdditions(model);
        additions.requireNew(Kind.VARIANT, spec.name());
        ProjectSpec whole = model.spec().toBuilder().addVariant(spec).build();
        additions.add(Kind.VARIANT, spec.name(), ProjectWriter.files(whole, spec));
        return additions.write(read -> read.variants().contains(spec));
    }

    private void requireNew(Kind kind, String name) {
        String directory = kind.directory + "/" + name;
        if (exists(directory)) {
            throw refusal("", directory + " exists already", "choose another name, or move it away");
        }
    }

    private void requireKits(Set<String> kits) {
        List<String> known =
                model.spec().kits().stream().map(KitSpec::name).collect(Collectors.toCollection(ArrayList::new));
        for (String kit : kits) {
            if (!known.contains(kit)) {
                throw refusal("", "there is no kit '" + kit + "' in this project", Nearest.hint(kit, known));
            }
        }
    }

    /** Adds the files of one part, those its kind shares, and its line in the workspace. */
    private void add(Kind kind, String name, Map<String, byte[]> own) {
        List<Problem> inTheWay = own.keySet().stream()
                .filter(this::exists)
                .map(path ->
                        new Problem(Problem.Severity.ERROR, path, 0, 0, "", "this file exists already", "move it away"))
                .toList();
        if (!inTheWay.isEmpty()) {
            throw new InvalidProjectException(inTheWay);
        }
        addMissing(ProjectWriter.shared(kind));
        addMissing(own);
        if (exists("Cargo.toml")) {
            edit("Cargo.toml", editor -> withMember(editor, kind.directory + "/" + name));
        } else if (kind == Kind.VARIANT && exists("variants/Cargo.toml")) {
            // The deprecated place of the workspace; packages and kits are no members of it.
            edit("variants/Cargo.toml", editor -> withMember(editor, name));
        }
    }

    private void addMissing(Map<String, byte[]> some) {
        some.forEach((path, bytes) -> {
            if (!exists(path)) {
                files.put(model.directory().resolve(path), bytes);
            }
        });
    }

    private boolean exists(String path) {
        return Files.exists(model.directory().resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    private void edit(String path, UnaryOperator<TomlEditor> change) {
        Path file = model.directory().resolve(path);
        TomlEditor before = edits.containsKey(file) ? edits.get(file) : TomlEditor.read(file, path);
        edits.put(file, change.apply(before));
    }

    /** Adds a member beside those of its kind, unless it is one already. */
    private static TomlEditor withMember(TomlEditor workspace, String member) {
        String array = "workspace.members";
        List<String> members = workspace.strings(array);
        if (members.stream().anyMatch(pattern -> covers(pattern, member))) {
            return workspace;
        }
        String kind = member.substring(0, member.lastIndexOf('/') + 1);
        int index = members.size();
        for (int i = members.size(); i > 0; i--) {
            if (members.get(i - 1).startsWith(kind)) {
                index = i;
                break;
            }
        }
        return workspace.insert(array, index, member);
    }

    /** Whether a member, which Cargo takes for a glob pattern, stands for a directory. */
    private static boolean covers(String pattern, String member) {
        try {
            return FileSystems.getDefault()
                    .getPathMatcher("glob:" + pattern.replaceFirst("^\\./", "").replaceFirst("/+$", ""))
                    .matches(Path.of(member));
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private ProjectModel write(Predicate<ProjectSpec> expected) {
        FileChanges changes = new FileChanges();
        files.forEach(changes::create);
        edits.forEach((file, editor) -> {
            if (editor.changed()) {
                changes.replace(file, editor.original(), editor.bytes());
            }
        });
        return changes.write(() -> {
            ProjectModel read = ProjectFiles.read(model.file());
            if (!expected.test(read.spec())) {
                throw refusal(
                        "",
                        "the project does not read back as it was written, so nothing was changed",
                        "look for a manifest that is written in an unusual way, and edit it by hand");
            }
            return read;
        });
    }

    private static InvalidProjectException refusal(String key, String message, String hint) {
        return new InvalidProjectException(List.of(Problem.error(key, message).withHint(hint)));
    }
}
