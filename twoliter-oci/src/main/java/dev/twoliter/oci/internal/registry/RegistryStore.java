package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.internal.http.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** A registry that speaks the OCI distribution protocol. Thread-safe. */
public final class RegistryStore implements ImageStore {

    /** OCI distribution specification 1.1, "Pulling manifests". */
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");

    private static final int MAX_NAME = 255;

    private final String registry;
    private final StoreOptions options;
    private final Transport transport;
    private final Place origin;
    private final List<Place> mirrors = new ArrayList<>();
    private final Map<Digest, String> whereabouts = new ConcurrentHashMap<>();

    /**
     * A part of a server.
     *
     * @param server the server
     * @param path what precedes the names of repositories; may be empty
     */
    private record Place(Server server, String path) {
        String full(String name) {
            return path.isEmpty() ? name : path + "/" + name;
        }
    }

    /**
     * Prepares a registry; connects to nothing.
     *
     * @param registry {@code host[:port]/path}
     * @param options how to reach it
     */
    public RegistryStore(String registry, StoreOptions options) {
        this.registry = registry;
        this.options = options;
        this.transport = transport(registry, options);
        this.origin = place(registry);
        for (String mirror : options.mirrors(origin.server().host())) {
            mirrors.add(place(mirror));
        }
    }

    private static Transport transport(String registry, StoreOptions options) {
        try {
            return Transport.of(
                    options.environment(), options.caBundles(), options.connectTimeout(), options.stallTimeout());
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    registry, "", 0, false, String.valueOf(e.getMessage()), "Correct the variable.", e);
        }
    }

    private Place place(String text) {
        int slash = text.indexOf('/');
        RegistryName name = new RegistryName(slash < 0 ? text : text.substring(0, slash));
        if (!name.isValid()) {
            throw invalid(name.host(), "", "'" + text + "' does not name a registry");
        }
        return new Place(new Server(name, transport, options.allowHttp()), slash < 0 ? "" : text.substring(slash + 1));
    }

    @Override
    public Repository repository(String name) {
        String full = origin.full(name);
        if (full.length() > MAX_NAME || !REPOSITORY.matcher(full).matches()) {
            throw invalid(origin.server().host(), full, "'" + full + "' does not name a repository");
        }
        List<Remote> copies = mirrors.stream()
                .map(mirror -> remote(mirror, mirror.full(full)))
                .toList();
        return new RegistryRepository(this, name, registry + "/" + name, copies, remote(origin, full), options);
    }

    private Remote remote(Place place, String repository) {
        Server server = place.server();
        return new Remote(server, repository, transport, new Credentials(server.name(), repository, options));
    }

    /** Remembers that a repository has a blob, so that others can take it over. */
    void found(Digest digest, String repository) {
        whereabouts.putIfAbsent(digest, repository);
    }

    /** {@return another repository that is known to have a blob} */
    Optional<String> elsewhere(Digest digest, String repository) {
        return Optional.ofNullable(whereabouts.get(digest)).filter(other -> !other.equals(repository));
    }

    private static RegistryException invalid(String host, String repository, String message) {
        return new RegistryException(
                host, repository, 0, false, message, "Write host[:port]/path in lower case.", null);
    }

    @Override
    public void close() {
        transport.close();
    }
}
