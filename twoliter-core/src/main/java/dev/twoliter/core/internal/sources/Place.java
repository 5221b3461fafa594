package dev.twoliter.core.internal.sources;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where a source may be. */
sealed interface Place {

    /** {@return its name for people; it shows neither a password nor a query, which may have a token in it} */
    String shown();

    /** A file on this machine. */
    record Disk(Path file) implements Place {
        @Override
        public String shown() {
            return file.toString();
        }
    }

    /** A file on a web server. */
    record Web(URI uri, boolean isCache) implements Place {
        @Override
        public String shown() {
            return Place.shown(uri);
        }
    }

    /** One that is not asked. */
    record Closed(String shown, String because) implements Place {}

    /**
     * {@return where one content may be, in the order in which it is looked for there: in the directory of its package,
     * where people may put it by hand, in the lookaside caches, at its own URL}
     *
     * @param files the sources that have this content
     * @param settings the caches, and whether upstream may be asked
     */
    static List<Place> of(List<SourceFile> files, SourceSettings settings) {
        Set<Place> places = new LinkedHashSet<>();
        for (SourceFile file : files) {
            Path local = file.packageDirectory().resolve(file.name());
            if (Files.isRegularFile(local)) {
                places.add(new Disk(local));
            }
        }
        for (URI cache : settings.lookasideCaches()) {
            for (SourceFile file : files) {
                places.add(at(inCache(cache, file.name(), file.digest().hex()), true, settings));
            }
        }
        for (SourceFile file : files) {
            places.add(
                    settings.upstream() || file.file().forceUpstream()
                            ? at(file.url(), false, settings)
                            : new Closed(shown(file.url()), "not asked: upstream sources are not allowed"));
        }
        return new ArrayList<>(places);
    }

    private static Place at(URI uri, boolean isCache, SourceSettings settings) {
        switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
            case "file" -> {
                try {
                    return new Disk(Path.of(uri));
                } catch (IllegalArgumentException e) {
                    return new Closed(shown(uri), "this is not the URL of a file on this machine");
                }
            }
            case "http", "https" -> {
                if (uri.getHost() == null) {
                    return new Closed(shown(uri), "this URL names no host");
                }
                return settings.offline()
                        ? new Closed(shown(uri), "not asked: this run is offline")
                        : new Web(uri, isCache);
            }
            default -> {
                return new Closed(shown(uri), "only http:, https: and file: URLs can be downloaded");
            }
        }
    }

    /** {@return {@code CACHE/NAME/SHA512/NAME} (project-formats.md 5.2)} */
    static URI inCache(URI cache, String name, String sha512) {
        String path = cache.getRawPath() == null ? "" : cache.getRawPath().replaceFirst("/+$", "");
        String segment = escaped(name);
        String query = cache.getRawQuery() == null ? "" : "?" + cache.getRawQuery();
        String authority = cache.getRawAuthority() == null ? "" : "//" + cache.getRawAuthority();
        return URI.create(
                cache.getScheme() + ":" + authority + path + "/" + segment + "/" + sha512 + "/" + segment + query);
    }

    /** Percent-encodes what may not stand in a path segment (RFC 3986, 3.3), and the escape itself. */
    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~!$&'()*+,;=:@".indexOf(c) >= 0;
            text.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return text.toString();
    }

    /** {@return a URL without what may be secret in it} */
    static String shown(URI uri) {
        if (uri.isOpaque()) {
            return uri.getScheme() + ":...";
        }
        try {
            String authority = uri.getRawAuthority();
            String bare = authority == null ? null : authority.substring(authority.lastIndexOf('@') + 1);
            return new URI(uri.getScheme(), bare, uri.getPath(), null, null).toString();
        } catch (URISyntaxException e) {
            return uri.getScheme() + "://...";
        }
    }
}
