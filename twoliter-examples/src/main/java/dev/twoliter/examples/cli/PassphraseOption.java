package dev.twoliter.examples.cli;

import dev.twoliter.api.Environment;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that uses a secret key. The file is read only if the key asks for a passphrase. */
final class PassphraseOption {

    /** Where cosign takes the passphrase of a key from. */
    private static final String COSIGN = "COSIGN_PASSWORD";

    @Option(names = "--passphrase-file", paramLabel = "F", description = "Its first line is the key's passphrase.")
    private @Nullable Path file;

    /** {@return the passphrase of a key for RPMs; empty when there is none} */
    char[] forRpm() {
        return file == null ? new char[0] : firstLine(file);
    }

    /** {@return the passphrase of a key for images; empty when there is none} */
    char[] forImages(Environment environment) {
        return file != null
                ? firstLine(file)
                : environment.variable(COSIGN).orElse("").toCharArray();
    }

    /** {@return an RPM key with its passphrase} */
    KeyFile rpmKey(KeyFile key) {
        return KeyFile.of(key.path(), this::forRpm);
    }

    /** {@return an image key with its passphrase} */
    KeyFile imageKey(KeyFile key, Environment environment) {
        return KeyFile.of(key.path(), () -> forImages(environment));
    }

    private static char[] firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            String line = lines.findFirst().orElse("");
            if (line.isEmpty()) {
                throw new SigningException(
                        "the first line of the passphrase file " + file + " is empty",
                        "Write the passphrase there; for a key without one leave --passphrase-file out.",
                        null);
            }
            return line.toCharArray();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }
}
