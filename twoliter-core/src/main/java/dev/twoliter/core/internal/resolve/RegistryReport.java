package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.spi.StepScope;
import dev.twoliter.oci.StoreEvent;
import dev.twoliter.oci.StoreListener;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes what happens between us and a registry events of a step. Thread-safe.
 *
 * @param progress is told of what is tried again
 * @param warn is told of mirrors that are of no use
 * @param transfers is told of bytes
 * @param credentials is told of credentials
 */
public record RegistryReport(
        Consumer<String> progress, Consumer<String> warn, Transfers transfers, Credentials credentials)
        implements StoreListener {

    /** As {@link StepScope#transfer}. */
    @FunctionalInterface
    public interface Transfers {
        void tell(String what, long bytes, long total);
    }

    /** As {@link StepScope#credentials}. */
    @FunctionalInterface
    public interface Credentials {
        void tell(String registry, String repository, List<String> tried, Optional<String> found);
    }

    /** {@return a listener that tells a running step} */
    public static RegistryReport to(StepScope scope) {
        return new RegistryReport(scope::progress, scope::warn, scope::transfer, scope::credentials);
    }

    @Override
    public void onEvent(StoreEvent event) {
        if (event instanceof StoreEvent.Uploaded uploaded) {
            transfers.tell(
                    uploaded.repository() + " " + uploaded.blob().digest(),
                    uploaded.bytes(),
                    uploaded.blob().size());
        } else if (event instanceof StoreEvent.CredentialsResolved resolved) {
            credentials.tell(resolved.registry(), resolved.repository(), resolved.tried(), resolved.found());
        } else if (event instanceof StoreEvent.Retrying again) {
            progress.accept("cannot " + again.action() + " at " + again.repository() + " yet, trying again in "
                    + again.pause().toMillis() + " ms: " + again.because());
        } else if (event instanceof StoreEvent.MirrorSkipped skipped) {
            warn.accept("the mirror " + skipped.mirror() + " is not asked any more: " + skipped.because());
        }
    }
}
