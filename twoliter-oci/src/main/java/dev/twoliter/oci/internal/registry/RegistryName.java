package dev.twoliter.oci.internal.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A registry as images name it. Docker Hub has three names, and a fourth for credentials.
 *
 * @param host the host, with its port if it was given
 */
record RegistryName(String host) {

    private static final Set<String> HUB = Set.of("docker.io", "index.docker.io", "registry-1.docker.io");

    private static final Pattern VALID = Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
            + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:.]+])(?::[0-9]{1,5})?");

    boolean isValid() {
        return host.length() <= 300 && VALID.matcher(host).matches();
    }

    private boolean isHub() {
        return HUB.contains(host);
    }

    /** {@return host and port that requests go to} */
    String api() {
        return isHub() ? "registry-1.docker.io" : host;
    }

    /** {@return host without port and brackets} */
    String bareHost() {
        String bare = host.replaceFirst(":[0-9]+$", "");
        return bare.startsWith("[") ? bare.substring(1, bare.length() - 1) : bare;
    }

    /** {@return what a file with credentials may call a repository, the longest first} */
    List<String> keys(String repository) {
        List<String> keys = new ArrayList<>();
        String name = isHub() ? "docker.io" : host;
        String path = "/" + repository;
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            keys.add(name + path.substring(0, end));
        }
        if (isHub()) {
            keys.addAll(List.of("docker.io", "index.docker.io", "registry-1.docker.io"));
        } else {
            keys.add(host);
        }
        return keys;
    }

    String serverForHelpers() {
        return isHub() ? "https://index.docker.io/v1/" : host;
    }
}
