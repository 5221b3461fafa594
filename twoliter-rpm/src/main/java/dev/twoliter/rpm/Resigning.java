package dev.twoliter.rpm;

import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.rpm.internal.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives a package another signature header. The package is copied while its digests are checked, so it is read once, and
 * the copy takes its name when it is complete. Writing into the file itself would be a little faster, but could be
 * interrupted between two pages, which leaves a file that no rpm reads, and would reach every hard link of it.
 * Not thread-safe.
 */
final class Resigning {
    private final Path rpm;

    Resigning(Path rpm) {
        this.rpm = rpm;
    }

    /** Makes the new signature header of a package of which all digests are right. */
    interface Change {
        /** The stream reads header and payload. */
        byte[] signatureHeader(RpmPackage intact, InputStream headerAndPayload) throws IOException;
    }

    /** Deletes what runs that were killed have left beside packages. */
    static void sweepBeside(List<Path> rpms) {
        try {
            Set<Path> directories = new HashSet<>();
            for (Path rpm : rpms) {
                if (Files.exists(rpm)) {
                    directories.add(rpm.toRealPath().getParent());
                }
            }
            for (Path directory : directories) {
                AtomicFile.sweep(directory);
            }
        } catch (IOException e) {
            throw StorageException.of("sign", rpms.get(0), e);
        }
    }

    void run(Change change) {
        try {
            Path file = rpm.toRealPath();
            try (FileChannel in = FileChannel.open(file);
                    AtomicFile out = AtomicFile.create(file)) {
                RpmPackage intact = copyChecked(in, out.channel());
                byte[] blob =
                        change.signatureHeader(intact, Channels.newInputStream(in.position(intact.headerStart())));
                place(intact, blob, in, out.channel());
                out.permissions(Files.getPosixFilePermissions(file));
                out.publish();
            }
        } catch (IOException e) {
            throw StorageException.of("sign", rpm, e);
        }
    }

    /** Copies header and payload to where they are in the original. */
    private RpmPackage copyChecked(FileChannel in, FileChannel out) throws IOException {
        Verification verification = Verification.begin(rpm, in);
        RpmPackage found = verification.rpm();
        out.position(found.headerStart());
        write(ByteBuffer.wrap(found.header().blob()), out);
        RpmVerification result = verification.finish(null, null, VerifyPolicy.INTACT, out);
        if (result.verdict() == Verdict.BAD) {
            throw RpmVerifier.damaged(result);
        }
        return found;
    }

    private static void place(RpmPackage old, byte[] blob, FileChannel in, FileChannel out) throws IOException {
        int padding = -blob.length & 7;
        long headerStart = RpmPackage.LEAD_BYTES + (long) blob.length + padding;
        boolean fits = headerStart == old.headerStart();
        if (!fits) {
            out.truncate(0);
        }
        out.position(0);
        transfer(in, 0, RpmPackage.LEAD_BYTES, out);
        write(ByteBuffer.allocate(blob.length + padding).put(blob).rewind(), out);
        if (!fits) {
            transfer(in, old.headerStart(), in.size(), out);
        }
    }

    private static void write(ByteBuffer bytes, FileChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static void transfer(FileChannel in, long from, long to, FileChannel out) throws IOException {
        long position = from;
        while (position < to) {
            long moved = in.transferTo(position, to - position, out);
            if (moved <= 0) {
                throw new IOException("the file became shorter while it was copied");
            }
            position += moved;
        }
    }
}
