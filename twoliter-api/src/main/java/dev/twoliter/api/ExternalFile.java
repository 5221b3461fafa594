package dev.twoliter.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A source archive of a spec package: one entry of {@code [[package.metadata.build-package.external-files]]}.
 * Immutable, thread-safe.
 *
 * @param url where upstream publishes it
 * @param sha512 128 lower-case hexadecimal digits
 * @param pathOrNull its name in the package directory, or null for the last part of the URL
 * @param forceUpstream whether the URL is asked when the lookaside cache lacks it
 * @param bundleModules languages whose modules are bundled, such as {@code go}; empty for none
 * @param bundleRootPathOrNull the module directory inside the archive, or null
 * @param bundleOutputPathOrNull the bundle's file name, or null
 */
public record ExternalFile(
        String url,
        String sha512,
        @Nullable String pathOrNull,
        boolean forceUpstream,
        List<String> bundleModules,
        @Nullable String bundleRootPathOrNull,
        @Nullable String bundleOutputPathOrNull) {

    public ExternalFile {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(sha512, "sha512");
        bundleModules = List.copyOf(bundleModules);
    }

    /**
     * Makes an entry with nothing but an address and a digest.
     *
     * @param url see {@link #url()}
     * @param sha512 see {@link #sha512()}
     * @return the entry
     */
    public static ExternalFile of(String url, String sha512) {
        return new ExternalFile(url, sha512, null, false, List.of(), null, null);
    }

    /**
     * {@return its name in the package directory and in lookaside caches: the path, or the last part of the URL's path,
     * in which escapes such as {@code %20} stay; empty if that has none}
     */
    public String name() {
        if (pathOrNull != null) {
            return pathOrNull;
        }
        try {
            String path = new URI(url).getRawPath();
            return path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        } catch (URISyntaxException e) {
            return "";
        }
    }

    /** {@return the name of the archive of bundled modules, which is made if {@link #bundleModules()} names any} */
    public String bundleName() {
        return bundleOutputPathOrNull != null ? bundleOutputPathOrNull : "bundled-" + name();
    }
}
