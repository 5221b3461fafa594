package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.RetryPolicy;
import dev.twoliter.oci.StoreEvent;
import dev.twoliter.oci.StoreListener;
import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The registries that a run talks to, each opened once; offline, only those on disk. Thread-safe. */
public final class Registries implements AutoCloseable {

    /** {@code REGISTRY=MIRROR[,MIRROR...][;REGISTRY=...]}. */
    private static final String MIRRORS = "TWOLITER_MIRRORS";

    /** Allows plain http with registries that do not speak TLS. */
    private static final String PLAIN_HTTP = "TWOLITER_PLAIN_HTTP";

    /** How often a request is made at most. */
    private static final String ATTEMPTS = "TWOLITER_REGISTRY_ATTEMPTS";

    private final StoreOptions options;
    private final boolean offline;
    private final Map<String, ImageStore> stores = new LinkedHashMap<>();
    private final Map<String, Repository> repositories = new LinkedHashMap<>();
    private final List<StoreListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * Prepares access.
     *
     * @param projectDirectory what {@code oci:DIR} is relative to
     * @param environment where credentials, proxies and certificate authorities are looked for
     * @param jobs how many transfers may run at once
     * @param offline whether no connection may be made
     */
    public Registries(Path projectDirectory, Environment environment, int jobs, boolean offline) {
        StoreOptions.Builder builder = StoreOptions.builder()
                .baseDirectory(projectDirectory)
                .environment(environment)
                .parallelism(jobs)
                .listener(this::tell);
        environment.variable(PLAIN_HTTP).ifPresent(value -> builder.allowHttp(!value.equals("0")));
        environment.variable(ATTEMPTS).ifPresent(value -> builder.retryPolicy(attempts(value)));
        environment.variable(MIRRORS).ifPresent(value -> mirrors(value, builder));
        this.options = builder.build();
        this.offline = offline;
    }

    private static RetryPolicy attempts(String value) {
        if (!value.matches("[1-9][0-9]?")) {
            throw invalid(ATTEMPTS + " is '" + value + "', which is no number from 1 to 99", "Correct the variable.");
        }
        RetryPolicy usual = RetryPolicy.DEFAULT;
        return new RetryPolicy(Integer.parseInt(value), usual.firstPause(), usual.longestPause());
    }

    private static RegistryException invalid(String message, String hint) {
        return new RegistryException("", "", 0, false, message, hint, null);
    }

    private static void mirrors(String value, StoreOptions.Builder options) {
        for (String rule : value.split(";")) {
            int equals = rule.indexOf('=');
            if (equals <= 0 || equals == rule.length() - 1) {
                throw invalid(
                        MIRRORS + " is '" + value + "', which names no mirrors",
                        "Write REGISTRY=MIRROR[,MIRROR], and a semicolon before the next registry.");
            }
            options.mirrors(
                    rule.substring(0, equals).strip(),
                    Stream.of(rule.substring(equals + 1).split(","))
                            .map(String::strip)
                            .toList());
        }
    }

    /** One of those that listen: a store does not know for whom it works, but whoever listens is at work. */
    private void tell(StoreEvent event) {
        Iterator<StoreListener> one = listeners.iterator();
        if (one.hasNext()) {
            one.next().onEvent(event);
        }
    }

    /**
     * Tells a listener what happens until it is taken off again.
     *
     * @param listener who is told
     * @return closed to take it off
     */
    public Listening reportTo(StoreListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ends a listener's listening. */
    @FunctionalInterface
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * {@return whether an image's registry can be asked: one on disk always, another only with a network}
     *
     * @param image the image
     */
    boolean reaches(ImageRef image) {
        return !offline || image.registry().startsWith(ImageStore.LAYOUT_PREFIX);
    }

    /**
     * {@return the repository of an image; one that refuses everything where it cannot be reached}
     *
     * @param image the image
     */
    public synchronized Repository repository(ImageRef image) {
        if (!reaches(image)) {
            return new OfflineRepository(image);
        }
        // One object for each repository: it keeps the token that the registry gave it.
        return repositories.computeIfAbsent(
                image.registry() + "/" + image.repository(),
                name -> stores.computeIfAbsent(image.registry(), registry -> ImageStore.open(registry, options))
                        .repository(image.repository()));
    }

    @Override
    public synchronized void close() {
        stores.values().forEach(ImageStore::close);
        stores.clear();
        repositories.clear();
    }
}
