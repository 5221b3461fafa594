package dev.twoliter.examples;

import dev.twoliter.api.KeySet;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.Twoliter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories and keys of the quick start. */
final class Demo {

    static final String UNIT = """
            [Unit]
            Description=Greets the machine at boot

            [Service]
            Type=oneshot
            ExecStart=/usr/bin/hello-agent

            [Install]
            WantedBy=multi-user.target
            """;

    private Demo() {}

    /** Removes what an earlier run made, except its keys: with the same keys come the same digests. */
    static KeySet prepare(Path demo) {
        for (String made : List.of("registry", "acme-os", "hello-os")) {
            delete(demo.resolve(made));
        }
        return prepareKeys(demo);
    }

    /** Makes the keys, or finds those of an earlier run. */
    static KeySet prepareKeys(Path demo) {
        Path directory = demo.resolve("keys");
        KeySet keys = KeySet.in(directory);
        if (Files.exists(keys.imagePublic())) {
            return keys;
        }
        return Twoliter.generateKeys(directory, "Acme Linux <linux@acme.example>");
    }

    /** Copies the public keys into a project and says that a vendor's kits must be signed with them. */
    static TrustSpec trust(String vendor, KeySet keys, Path project, TrustPolicy policy) {
        String image = copy(keys.imagePublic(), project);
        String rpm = copy(keys.rpmPublic(), project);
        return new TrustSpec(vendor, List.of(image), List.of(rpm), policy);
    }

    private static String copy(Path key, Path project) {
        String name = "keys/" + key.getFileName();
        Path target = project.resolve(name);
        try {
            Files.createDirectories(project.resolve("keys"));
            Files.copy(key, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
        return name;
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw StorageException.of("delete", directory, e);
        }
    }
}
