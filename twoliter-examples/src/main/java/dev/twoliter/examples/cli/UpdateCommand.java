package dev.twoliter.examples.cli;

import dev.twoliter.api.LockUpdate;
import dev.twoliter.api.LockedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code twoliter update}: resolves and writes Twoliter.lock. */
@Command(name = "update", description = "Resolves the SDK and every kit and writes Twoliter.lock.")
final class UpdateCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--dry-run", description = "Show what would change, and write nothing.")
    private boolean dryRun;

    @Mixin
    private NetworkOption network = new NetworkOption();

    UpdateCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        LockUpdate update = twoliter.project().updateLock(options -> twoliter.listening(network.on(options)));
        if (!dryRun) {
            update.write();
        }
        twoliter.answer(document(update), text(update));
        return 0;
    }

    private String text(LockUpdate update) {
        if (update.changes().isEmpty()) {
            return "Twoliter.lock is up to date";
        }
        return update.changes().stream()
                .map(change -> (dryRun ? "would change: " : "") + change)
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, Object> document(LockUpdate update) {
        List<Map<String, Object>> kits =
                update.lock().kits().stream().map(kit -> describe(kit, update)).toList();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sdk", describe(update.lock().sdk(), update));
        document.put("kits", kits);
        return document;
    }

    private static Map<String, Object> describe(LockedImage image, LockUpdate update) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", image.name());
        document.put("version", image.version().toString());
        document.put("vendor", image.vendor());
        document.put("previous", previous(image, update).orElse(null));
        document.put("source", image.source());
        document.put("digest", image.digest());
        return document;
    }

    private static Optional<String> previous(LockedImage image, LockUpdate update) {
        return update.previous().stream()
                .flatMap(lock ->
                        java.util.stream.Stream.concat(java.util.stream.Stream.of(lock.sdk()), lock.kits().stream()))
                .filter(old -> old.name().equals(image.name()) && old.vendor().equals(image.vendor()))
                .map(old -> old.version().toString())
                .findFirst();
    }
}
