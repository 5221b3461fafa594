package dev.twoliter.core.internal.engine.host;

import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.core.internal.engine.spec.BuildRoom;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The macros of a build on this machine: those of an SDK that is installed here, else a few of our own. */
final class HostMacros {

    /** The directory, in the room's scratch, that build requirements are unpacked into. */
    static final String SYSROOT = "root";

    private static final String OWN = "bottlerocket.macros";

    private HostMacros() {}

    static void write(PackageStep step, BuildRoom room, Path top) {
        String arch = step.arch().rpmName();
        Path platform = Path.of("/usr/lib/rpm/platform", arch + "-bottlerocket", "macros");
        try {
            String text = Files.isRegularFile(platform) ? Files.readString(platform) : own().replace("@ARCH@", arch);
            text += Files.readString(room.in().resolve("macros"))
                    + "%_topdir " + top + "\n"
                    + "%_sourcedir " + room.in().resolve("SOURCES") + "\n"
                    + "%_cross_sysroot " + room.scratch().resolve(SYSROOT) + "/%{_cross_target}/sys-root\n";
            AtomicFiles.write(room.scratch().resolve(".rpmmacros"), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw StorageException.of("read", platform, e);
        }
    }

    private static String own() throws IOException {
        try (InputStream in = Objects.requireNonNull(HostMacros.class.getResourceAsStream(OWN), OWN)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
