package dev.twoliter.examples.cli;

import dev.twoliter.api.HeldBack;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.LockChange;
import dev.twoliter.api.LockUpdate;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.Project;
import dev.twoliter.api.VersionEdit;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.UpgradeRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code twoliter update}: resolves and writes Twoliter.lock; {@code --upgrade} raises versions in Twoliter.toml first. */
@Command(name = "update", description = "Resolves the SDK and every kit and writes Twoliter.lock.")
final class UpdateCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--upgrade",
            arity = "0..*",
            paramLabel = "KIT",
            description = "Raise versions in Twoliter.toml to the newest kits that fit together; of these kits only.")
    private @Nullable List<String> upgrade;

    @Option(names = "--pre-releases", description = "Take pre-releases as releases; with --upgrade.")
    private boolean preReleases;

    @Option(names = "--dry-run", description = "Show what would change, and write nothing.")
    private boolean dryRun;

    @Mixin
    private NetworkOption network = new NetworkOption();

    UpdateCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        if (preReleases && upgrade == null) {
            throw misuse("--pre-releases goes with --upgrade");
        }
        Project project = twoliter.project();
        LockUpdate update = upgrade == null
                ? project.updateLock(this::options)
                : upgrade(
                        project,
                        upgrade.stream().filter(name -> !name.isEmpty()).toList());
        if (!dryRun) {
            update.write();
        }
        twoliter.answer(document(project, update), text(update));
        return 0;
    }

    private RunOptions.Builder options(RunOptions.Builder options) {
        return twoliter.listening(network.on(options));
    }

    private LockUpdate upgrade(Project project, List<String> kits) {
        UpgradeRequest request = UpgradeRequest.builder()
                .kits(kits.toArray(String[]::new))
                .preReleases(preReleases)
                .build();
        try {
            return project.upgrade(request, this::options);
        } catch (InvalidProjectException e) {
            if (e.problems().stream().anyMatch(problem -> problem.keyPath().equals("kits"))) {
                throw misuse(e.problems().stream()
                        .map(problem -> problem.message() + (problem.hint().isEmpty() ? "" : "; " + problem.hint()))
                        .collect(Collectors.joining("; ")));
            }
            throw e;
        }
    }

    private ParameterException misuse(String message) {
        if (command == null) {
            throw new IllegalStateException("picocli has not filled the command in");
        }
        return new ParameterException(command.commandLine(), message);
    }

    private String text(LockUpdate update) {
        String would = dryRun ? "would change: " : "";
        List<String> lines = new ArrayList<>();
        List<HeldBack> untold = new ArrayList<>(update.heldBack());
        for (LockChange change : update.changes()) {
            lines.add(would + change);
            update.heldBack().stream().filter(held -> isOf(held, change)).forEach(held -> {
                lines.add(explained(held));
                untold.remove(held);
            });
        }
        update.edits().forEach(edit -> lines.add(would + "Twoliter.toml, " + edit));
        if (lines.isEmpty()) {
            lines.add("Twoliter.lock is up to date");
        }
        for (HeldBack held : untold) {
            lines.add(held.name() + " stays at " + held.chosen());
            lines.add(explained(held));
        }
        return String.join("\n", lines);
    }

    private static boolean isOf(HeldBack held, LockChange change) {
        return held.name().equals(change.name()) && held.vendor().equals(change.vendor());
    }

    private static String explained(HeldBack held) {
        return "    " + held.newest() + " is held back: " + held.because();
    }

    private static Map<String, Object> document(Project project, LockUpdate update) {
        List<Map<String, @Nullable Object>> kits = new ArrayList<>();
        for (LockedImage kit : update.lock().kits()) {
            Map<String, @Nullable Object> one = describe(kit, project, update);
            one.put("heldBack", heldBack(kit, update));
            kits.add(one);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sdk", describe(update.lock().sdk(), project, update));
        document.put("kits", kits);
        document.put(
                "edits", update.edits().stream().map(UpdateCommand::describe).toList());
        return document;
    }

    private static Map<String, @Nullable Object> describe(LockedImage image, Project project, LockUpdate update) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", image.name());
        document.put("version", image.version().toString());
        document.put("vendor", image.vendor());
        document.put("previous", previous(image, project, update).orElse(null));
        document.put("source", image.source());
        document.put("digest", image.digest());
        return document;
    }

    private static Map<String, String> describe(VersionEdit edit) {
        Map<String, String> document = new LinkedHashMap<>();
        document.put("key", edit.keyPath());
        document.put("before", edit.before().toString());
        document.put("after", edit.after().toString());
        return document;
    }

    private static @Nullable Map<String, String> heldBack(LockedImage kit, LockUpdate update) {
        for (HeldBack held : update.heldBack()) {
            if (held.name().equals(kit.name()) && held.vendor().equals(kit.vendor())) {
                Map<String, String> document = new LinkedHashMap<>();
                document.put("version", held.newest().toString());
                document.put("because", held.because());
                return document;
            }
        }
        return null;
    }

    /** What was locked; where an upgrade finds no lock, what Twoliter.toml said. */
    private static Optional<String> previous(LockedImage image, Project project, LockUpdate update) {
        if (update.previous().isEmpty() && !update.edits().isEmpty()) {
            return Stream.concat(
                            project.spec().sdk().stream(),
                            project.spec().dependencies().stream()
                                    .map(KitDependency::exact)
                                    .flatMap(Optional::stream))
                    .filter(old ->
                            old.name().equals(image.name()) && old.vendor().equals(image.vendor()))
                    .map(old -> old.version().toString())
                    .findFirst();
        }
        return update.previous().stream()
                .flatMap(lock -> Stream.concat(Stream.of(lock.sdk()), lock.kits().stream()))
                .filter(old -> old.name().equals(image.name()) && old.vendor().equals(image.vendor()))
                .map(old -> old.version().toString())
                .findFirst();
    }
}
