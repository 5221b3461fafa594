package dev.twoliter.core.internal.sources;

import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.api.spi.StepScope;
import java.util.function.Consumer;

/**
 * Who is told what happens to sources, and says when to stop. As thread-safe as its parts, which several threads tell.
 *
 * @param progress is told of what is tried again
 * @param warn is told of what is wrong but does not stop the work
 * @param transfers is told of bytes
 * @param cancellation says when to stop
 */
public record SourceReport(
        Consumer<String> progress, Consumer<String> warn, Transfers transfers, CancellationToken cancellation) {

    /** As {@link StepScope#transfer}. */
    @FunctionalInterface
    public interface Transfers {
        void tell(String what, long bytes, long total);
    }

    /** {@return one that tells a running step} */
    public static SourceReport to(StepScope scope) {
        return new SourceReport(scope::progress, scope::warn, scope::transfer, scope.cancellation());
    }
}
