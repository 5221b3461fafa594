package dev.twoliter.core.internal.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a machine without a network from a disk, which it cannot change, and listens to its serial port. */
final class Qemu {
    private static final Path FIRMWARE = Path.of("/usr/share/OVMF");
    private static final long SECONDS = 100;

    private final List<String> command = new ArrayList<>(List.of(
            "qemu-system-x86_64",
            "-accel",
            "tcg",
            "-cpu",
            "max",
            "-m",
            "512",
            "-nodefaults",
            "-nographic",
            "-serial",
            "stdio",
            "-monitor",
            "none",
            "-no-reboot",
            "-net",
            "none"));

    private Qemu(Path disk) {
        command.addAll(List.of("-device", "nvme,drive=disk,serial=1", "-drive"));
        command.add("file=" + disk + ",if=none,id=disk,format=raw,snapshot=on");
    }

    /** A machine with a BIOS. */
    static Qemu bios(Path disk) {
        Qemu qemu = new Qemu(disk);
        qemu.command.addAll(List.of("-machine", "q35"));
        return qemu;
    }

    /** A machine with UEFI. */
    static Qemu uefi(Path disk) throws IOException {
        Path variables = disk.resolveSibling("variables.fd");
        Files.copy(emptyVariables(), variables, StandardCopyOption.REPLACE_EXISTING);
        Qemu qemu = new Qemu(disk);
        qemu.command.addAll(List.of("-machine", "q35"));
        return qemu.flash(FIRMWARE.resolve("OVMF_CODE_4M.fd"), variables);
    }

    /** A machine with UEFI and Secure Boot. */
    static Qemu secure(Path disk, Path variables) {
        Qemu qemu = new Qemu(disk);
        qemu.command.addAll(List.of("-machine", "q35,smm=on"));
        qemu.command.addAll(List.of("-global", "driver=cfi.pflash01,property=secure,value=on"));
        qemu.command.addAll(List.of("-global", "ICH9-LPC.disable_s3=1"));
        return qemu.flash(FIRMWARE.resolve("OVMF_CODE_4M.secboot.fd"), variables);
    }

    /** The variables of a machine that has never been started. */
    static Path emptyVariables() {
        return FIRMWARE.resolve("OVMF_VARS_4M.fd");
    }

    private Qemu flash(Path code, Path variables) {
        command.addAll(List.of("-drive", "if=pflash,format=raw,readonly=on,file=" + code));
        command.addAll(List.of("-drive", "if=pflash,format=raw,file=" + variables));
        return this;
    }

    /** Runs until the machine is off or says one of the words; returns what it said. */
    String run(String... lastWords) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        Thread watch = new Thread(() -> {
            try {
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        watch.setDaemon(true);
        watch.start();
        StringBuilder said = new StringBuilder();
        try (InputStream in = process.getInputStream()) {
            byte[] buffer = new byte[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                said.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                for (String word : lastWords) {
                    if (said.indexOf(word) >= 0) {
                        return said.toString();
                    }
                }
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
            watch.interrupt();
        }
        return said.toString();
    }
}
