package dev.twoliter.rpm;

import dev.twoliter.testing.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A home of the real gpg, with an agent of its own, which ends with it. */
final class GpgHome implements AutoCloseable {
    private final Path home;

    GpgHome(Path directory) throws IOException {
        home = Files.createTempDirectory(
                directory, "gpg", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    String gpg(Object... words) {
        List<Object> command =
                new ArrayList<>(List.of("gpg", "--homedir", home, "--batch", "--yes", "--quiet", "--pinentry-mode"));
        command.add("loopback");
        command.addAll(List.of(words));
        return Command.output(command.toArray());
    }

    /** Makes a key that is valid from 2022 on and writes both halves to files. */
    Path key(String name, String algorithm, String usage, String expires, String passphrase) {
        gpg(
                "--passphrase",
                passphrase,
                "--faked-system-time",
                "20220101T000000",
                "--quick-gen-key",
                user(name),
                algorithm,
                usage,
                expires);
        export(name, passphrase);
        return secret(name);
    }

    void addSubkey(String name, String algorithm) {
        gpg(
                "--passphrase",
                "",
                "--faked-system-time",
                "20220101T000000",
                "--quick-add-key",
                fingerprint(name),
                algorithm,
                "sign",
                "never");
        export(name, "");
    }

    /** Revokes with the certificate that gpg has laid ready. */
    void revoke(String name) throws IOException {
        Path ready = home.resolve("openpgp-revocs.d").resolve(fingerprint(name) + ".rev");
        Path armed = Files.writeString(
                home.resolve(name + ".rev"), Files.readString(ready).replace(":-----BEGIN", "-----BEGIN"));
        gpg("--import", armed);
        export(name, "");
    }

    private void export(String name, String passphrase) {
        gpg("--armor", "--output", home.resolve(name + ".pub"), "--export", user(name));
        gpg("--passphrase", passphrase, "--armor", "--output", secret(name), "--export-secret-keys", user(name));
    }

    String fingerprint(String name) {
        return gpg("--list-keys", "--with-colons", user(name))
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":")[9];
    }

    Path publicKey(String name) {
        return home.resolve(name + ".pub");
    }

    Path secret(String name) {
        return home.resolve(name + ".sec");
    }

    private static String user(String name) {
        return name + " <" + name + "@example.com>";
    }

    /** Signs through the agent. */
    Signer signer(String name) {
        return (content, time) -> {
            Process process = new ProcessBuilder(
                            "gpg", "--homedir", home.toString(), "--batch", "-u", user(name), "--detach-sign")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            try (OutputStream in = process.getOutputStream()) {
                content.transferTo(in);
            }
            try (InputStream out = process.getInputStream()) {
                out.transferTo(packet);
            }
            return packet.toByteArray();
        };
    }

    @Override
    public void close() {
        Command.run("gpgconf", "--homedir", home, "--kill", "gpg-agent");
    }
}
