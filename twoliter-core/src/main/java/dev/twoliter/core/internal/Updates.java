package dev.twoliter.core.internal;

import dev.twoliter.api.HeldBack;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockChange;
import dev.twoliter.api.LockUpdate;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VersionEdit;
import dev.twoliter.api.plan.UpgradeRequest;
import dev.twoliter.core.internal.project.FileChanges;
import dev.twoliter.core.internal.project.LockFile;
import dev.twoliter.core.internal.project.Nearest;
import dev.twoliter.core.internal.project.ProjectFiles;
import dev.twoliter.core.internal.project.ProjectModel;
import dev.twoliter.core.internal.project.TomlEditor;
import dev.twoliter.core.internal.resolve.Updater;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An update of a project's lock, and of the versions in its Twoliter.toml.
 *
 * @param model the project as it was opened
 * @param previous what was locked
 * @param update what is to be
 */
record Updates(ProjectModel model, Optional<Lock> previous, Updater.Update update) implements LockUpdate {

    /** {@return the lock; empty also when there is one that cannot be read} */
    static Optional<Lock> readable(Project project) {
        try {
            return project.lock();
        } catch (TwoliterException e) {
            return Optional.empty();
        }
    }

    /** Refuses an upgrade of something that Twoliter.toml does not name. */
    static void requireKnown(ProjectSpec spec, UpgradeRequest request) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> known = new LinkedHashSet<>();
        Stream.concat(
                        spec.dependencies().stream().map(kit -> new String[] {kit.vendor(), kit.name()}),
                        spec.sdk().stream().map(sdk -> new String[] {sdk.vendor(), sdk.name()}))
                .forEach(image -> {
                    names.add(image[1]);
                    known.add(image[1]);
                    known.add(image[0] + "/" + image[1]);
                });
        List<Problem> problems = new ArrayList<>();
        for (String name : request.kits()) {
            if (!known.contains(name)) {
                problems.add(Problem.error(
                                "kits",
                                "Twoliter.toml names no kit '" + name + "' (it has "
                                        + (names.isEmpty() ? "none" : String.join(", ", names)) + ")")
                        .withHint(Nearest.hint(name, known)));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
    }

    @Override
    public Lock lock() {
        return update.lock();
    }

    @Override
    public List<HeldBack> heldBack() {
        return update.heldBack();
    }

    @Override
    public List<VersionEdit> edits() {
        return update.edits();
    }

    @Override
    public List<LockChange> changes() {
        return previous.map(before -> lock().changesSince(before)).orElseGet(this::everything).stream()
                .map(change -> {
                    LockedImage now = change.afterOrNull();
                    return change.neededBy(
                            now == null ? List.of() : update.neededBy().getOrDefault(now, List.of()));
                })
                .toList();
    }

    private List<LockChange> everything() {
        return Stream.concat(Stream.of(lock().sdk()), lock().kits().stream())
                .map(image -> new LockChange(image.name(), image.vendor(), null, image, List.of()))
                .toList();
    }

    @Override
    public void write() {
        if (edits().isEmpty()) {
            LockFile.write(model.directory(), lock());
            return;
        }
        TomlEditor file = TomlEditor.read(model.file(), ProjectFiles.NAME);
        if (!ProjectFiles.read(model.file()).spec().equals(model.spec())) {
            throw new InvalidProjectException(
                    List.of(Problem.error("", "the project's files have changed since it was opened")
                            .withHint("open it again")));
        }
        TomlEditor edited = file;
        for (VersionEdit edit : edits()) {
            edited = edited.replace(
                    edit.keyPath(), edit.before().toString(), edit.after().toString());
        }
        // Twoliter.toml first: a lock that is older than it is stale, and the next update mends that.
        new FileChanges().replace(model.file(), file.original(), edited.bytes()).write(() -> {
            LockFile.write(model.directory(), lock());
            return this;
        });
    }
}
