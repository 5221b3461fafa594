package dev.twoliter.core.internal.boot;

import dev.twoliter.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The files of Debian's kernel for virtual machines. Its package is downloaded and unpacked, not installed, and kept for
 * later runs.
 */
public record DebianKernel(Path directory, String release) {
    private static final String PACKAGE = "linux-image-cloud-amd64";
    private static final Pattern DEPENDS = Pattern.compile("Depends: linux-image-([0-9][^ \\n]*)");
    private static final Path CACHE = Path.of("target", "debian");

    public static synchronized DebianKernel get() throws IOException {
        Matcher depends =
                DEPENDS.matcher(Command.run("apt-cache", "depends", PACKAGE).output());
        if (!depends.find()) {
            return absent(PACKAGE + " is unknown; run apt-get update");
        }
        String release = depends.group(1);
        Path directory = CACHE.resolve(release).toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            Path partial = CACHE.resolve(release + ".part").toAbsolutePath();
            Files.createDirectories(partial);
            Command download = Command.runIn(partial, Map.of(), "apt-get", "download", "-q", "linux-image-" + release);
            if (download.exit() != 0) {
                return absent(download.output());
            }
            try (Stream<Path> files = Files.list(partial)) {
                for (Path archive :
                        files.filter(file -> file.toString().endsWith(".deb")).toList()) {
                    Command.output("dpkg-deb", "-x", archive, partial);
                }
            }
            Files.move(partial, directory);
        }
        return new DebianKernel(directory, release);
    }

    /** As with a program that is not there: a reason to skip, unless all peers are required. */
    private static DebianKernel absent(String reason) {
        if ("required".equals(System.getProperty("twoliter.peers"))) {
            throw new AssertionError(reason);
        }
        return Assumptions.abort(reason);
    }

    Path image() {
        return directory.resolve("boot/vmlinuz-" + release);
    }

    Path config() {
        return directory.resolve("boot/config-" + release);
    }

    Path module(String name) {
        return directory.resolve("lib/modules/" + release + "/kernel/" + name + ".ko");
    }
}
