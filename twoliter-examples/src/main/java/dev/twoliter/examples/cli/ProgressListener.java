package dev.twoliter.examples.cli;

import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.BuildListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Tells people how a build goes: one line for every step that ends. */
final class ProgressListener implements BuildListener {

    private final PrintStream err;
    private final LogLevel level;
    private final Ansi ansi;
    private final boolean interactive;
    private final TransferLine transfers;

    /** A listener; only where a person looks on are transfers shown while they go on. */
    ProgressListener(PrintStream err, LogLevel level, Ansi ansi, boolean interactive) {
        this.interactive = interactive;
        this.transfers = new TransferLine(err);
        this.err = err;
        this.level = level;
        this.ansi = ansi;
    }

    @Override
    public void onEvent(BuildEvent event) {
        if (event instanceof BuildEvent.Warning warning) {
            tell(LogLevel.WARN, "@|yellow warning|@", warning.step() + ": " + warning.message());
        } else if (event instanceof BuildEvent.StepFinished done) {
            tell(LogLevel.INFO, "@|green done|@   ", done.step() + "  " + seconds(done.took()));
        } else if (event instanceof BuildEvent.StepRestored restored) {
            tell(LogLevel.INFO, "@|green cached|@ ", restored.step() + "  from " + restored.from());
        } else if (event instanceof BuildEvent.StepSkipped skipped) {
            tell(LogLevel.INFO, "@|faint same|@   ", skipped.step().toString());
        } else if (event instanceof BuildEvent.StepFailed failed) {
            tell(LogLevel.INFO, "@|red failed|@ ", failed.step().toString());
        } else if (event instanceof BuildEvent.StepStarted started) {
            tell(LogLevel.DEBUG, "start  ", started.step() + ": " + started.because());
        } else if (event instanceof BuildEvent.StepProgress progress) {
            tell(LogLevel.DEBUG, "       ", progress.step() + ": " + progress.message());
        } else if (event instanceof BuildEvent.StepOutput output) {
            tell(LogLevel.DEBUG, "       ", output.step() + "> " + output.line());
        } else if (event instanceof BuildEvent.TransferProgress progress) {
            transfer(progress);
        } else if (event instanceof BuildEvent.CredentialsResolved resolved) {
            tell(LogLevel.DEBUG, "       ", resolved.step() + ": " + credentials(resolved));
        } else if (event instanceof BuildEvent.BuildFinished) {
            transfers.clear();
        }
    }

    private static String credentials(BuildEvent.CredentialsResolved resolved) {
        return "credentials for " + resolved.registry() + "/" + resolved.repository() + ": "
                + resolved.found().map(place -> "from " + place).orElse("none") + ", looked for in "
                + String.join(", ", resolved.tried());
    }

    private void transfer(BuildEvent.TransferProgress progress) {
        if (interactive && level.shows(LogLevel.INFO)) {
            transfers.show(progress);
        } else if (progress.bytes() == progress.total()) {
            tell(
                    LogLevel.DEBUG,
                    "       ",
                    progress.step() + ": has " + progress.what() + ", " + progress.total() + " bytes");
        }
    }

    private void tell(LogLevel needed, String marked, String text) {
        if (level.shows(needed)) {
            transfers.clear();
            err.println(ansi.string(marked) + " " + text);
        }
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1000.0);
    }
}
