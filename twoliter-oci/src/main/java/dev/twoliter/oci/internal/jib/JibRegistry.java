package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.registry.RegistryAliasGroup;
import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A registry that speaks the OCI distribution protocol. With a registry on this machine it is plain http; with
 * others https, and plain http after https failed if the options allow it.
 */
public final class JibRegistry implements ImageStore {

    private static final System.Logger LOG = System.getLogger(JibRegistry.class.getName());
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.]+](:\\d+)?");

    private final String registry;
    private final String host;
    private final String path;
    private final FailoverHttpClient http;

    /**
     * Prepares a registry; connects to nothing.
     *
     * @param registry {@code host[:port]/path}
     * @param options whether plain http is allowed
     */
    public JibRegistry(String registry, StoreOptions options) {
        this.registry = registry;
        int slash = registry.indexOf('/');
        this.host = slash < 0 ? registry : registry.substring(0, slash);
        this.path = slash < 0 ? "" : registry.substring(slash + 1);
        if (!ImageReference.isValidRegistry(host) && !IPV6.matcher(host).matches()) {
            throw invalid(path, "'" + registry + "' does not name a registry");
        }
        Consumer<LogEvent> log = event -> LOG.log(System.Logger.Level.DEBUG, event::getMessage);
        this.http = LOOPBACK.matcher(host).matches()
                ? new LoopbackHttpClient(host, log)
                : new FailoverHttpClient(options.allowHttp(), options.allowHttp(), log);
    }

    @Override
    public Repository repository(String name) {
        String full = path.isEmpty() ? name : path + "/" + name;
        if (!ImageReference.isValidRepository(full)) {
            throw invalid(full, "'" + full + "' does not name a repository");
        }
        return new JibRepository(http, RegistryAliasGroup.getHost(host), full, name, registry + "/" + name);
    }

    private RegistryException invalid(String repository, String message) {
        return new RegistryException(
                host, repository, 0, false, message, "Write host[:port]/path in lower case.", null);
    }

    @Override
    public void close() {
        try {
            http.shutDown();
        } catch (IOException e) {
            // All that was asked for has been answered; there is nothing the caller could do about it.
            LOG.log(System.Logger.Level.DEBUG, "closing connections to " + host, e);
        }
    }
}
