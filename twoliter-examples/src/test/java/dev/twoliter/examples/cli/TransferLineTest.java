package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class TransferLineTest {

    private static final StepId STEP = new StepId(StepId.Kind.FETCH, "acme/base-kit", Arch.X86_64);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private ProgressListener listener(LogLevel level, boolean interactive) {
        return new ProgressListener(
                new PrintStream(written, true, StandardCharsets.UTF_8), level, Ansi.OFF, interactive);
    }

    private static BuildEvent transfer(String what, long bytes, long total) {
        return new BuildEvent.TransferProgress(Instant.EPOCH, STEP, what, bytes, total);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void on_a_terminal_one_line_is_written_over_and_gives_way_to_others() {
        ProgressListener listener = listener(LogLevel.INFO, true);
        listener.onEvent(transfer("a", 500_000, 2_000_000));
        assertThat(text()).isEqualTo("pulling 0.5 of 2.0 MB  a");
        listener.onEvent(transfer("b", 1_000_000, 4_000_000));
        assertThat(text()).endsWith("\r\u001b[2Kpulling 1.5 of 6.0 MB  2 at once");
        listener.onEvent(transfer("a", 2_000_000, 2_000_000));
        assertThat(text()).endsWith("\r\u001b[2Kpulling 1.0 of 4.0 MB  b");
        written.reset();
        listener.onEvent(new BuildEvent.StepFinished(Instant.EPOCH, STEP, Duration.ofMillis(1500)));
        assertThat(text()).matches("\\r\u001b\\[2Kdone +fetch acme/base-kit x86_64  1.50 s\\R");
    }

    @Test
    void elsewhere_nothing_is_told_but_the_end_under_debug() {
        for (LogLevel level : LogLevel.values()) {
            written.reset();
            ProgressListener listener = listener(level, false);
            listener.onEvent(transfer("a", 1, 2));
            assertThat(text()).isEmpty();
            listener.onEvent(transfer("a", 2, 2));
            assertThat(text().contains("has a, 2 bytes")).isEqualTo(level == LogLevel.DEBUG);
        }
    }

    @Test
    void a_quiet_run_shows_nothing_on_a_terminal_either() {
        listener(LogLevel.ERROR, true).onEvent(transfer("a", 1, 2));
        assertThat(text()).isEmpty();
    }
}
