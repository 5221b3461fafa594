package dev.twoliter.examples.cli;

import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One line on a terminal that shows how far downloads have got. It is written over as they go on, and gives way to every
 * other line. Not thread-safe; listeners are told one event at a time.
 */
final class TransferLine {

    /** Back to the first column, and the line emptied (ECMA-48, "EL"). */
    private static final String CLEAR = "\r\u001b[2K";

    private static final int WIDTH = 79;
    private static final double MEGABYTE = 1_000_000;

    private final PrintStream err;
    private final Map<String, Transfer> running = new LinkedHashMap<>();
    private boolean shown;

    private record Transfer(String verb, long bytes, long total) {}

    TransferLine(PrintStream err) {
        this.err = err;
    }

    /** Shows how far a transfer has got, together with the others that have not ended. */
    void show(BuildEvent.TransferProgress progress) {
        boolean push = progress.step().kind() == StepId.Kind.PUBLISH;
        show(push ? "pushing" : "pulling", progress.what(), progress.bytes(), progress.total());
    }

    /** The same, of something that is no step. */
    void show(String verb, String what, long bytes, long total) {
        if (bytes == total) {
            running.remove(what);
        } else {
            running.put(what, new Transfer(verb, bytes, total));
        }
        clear();
        if (!running.isEmpty()) {
            String text = text();
            err.print(text.substring(0, Math.min(WIDTH, text.length())));
            err.flush();
            shown = true;
        }
    }

    /** Makes room for another line. */
    void clear() {
        if (shown) {
            err.print(CLEAR);
            shown = false;
        }
    }

    private String text() {
        long bytes = 0;
        long total = 0;
        String verb = "";
        for (Transfer one : running.values()) {
            verb = one.verb();
            bytes += one.bytes();
            total += Math.max(one.total(), one.bytes());
        }
        String what = running.size() == 1 ? running.keySet().iterator().next() : running.size() + " at once";
        return String.format(Locale.ROOT, "%s %.1f of %.1f MB  %s", verb, bytes / MEGABYTE, total / MEGABYTE, what);
    }
}
