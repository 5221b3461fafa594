package dev.twoliter.core.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/** A raw disk, sparse as images are, and damage to images of it. */
public final class DiskFile {
    public static final long SIZE = 100 * 1024 * 1024 + 512;

    private DiskFile() {}

    /** Data at the start, in the middle of pieces, and in the last sector. */
    public static Path create(Path dir) throws IOException {
        Path raw = dir.resolve("disk.raw");
        try (FileChannel out = FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Random random = new Random(1);
            for (long place : new long[] {0, 70_000, 40L << 20, SIZE - 512}) {
                byte[] data = new byte[(int) Math.min(300_000, SIZE - place)];
                random.nextBytes(data);
                Arrays.fill(data, 0, data.length / 2, (byte) 7);
                out.write(ByteBuffer.wrap(data), place);
            }
        }
        return raw;
    }

    public static InputStream open(Path raw) throws IOException {
        return new BufferedInputStream(Files.newInputStream(raw));
    }

    /** Compares without holding the disk in memory. */
    public static boolean isSame(SeekableByteChannel image, Path raw) throws IOException {
        InputStream disk = Channels.newInputStream(image);
        try (InputStream expected = open(raw)) {
            byte[] one = disk.readNBytes(1 << 16);
            while (one.length > 0 && Arrays.equals(one, expected.readNBytes(one.length))) {
                one = disk.readNBytes(1 << 16);
            }
            return one.length == 0 && expected.read() < 0;
        }
    }

    /** Reads an image as a disk. */
    public interface Reader {
        SeekableByteChannel open(FileChannel image) throws IOException;
    }

    /** Flips bits and cuts the image short; gives how often that was noticed. Anything but a format error fails. */
    public static int damage(Path image, int[] places, Reader reader) throws IOException {
        int refused = 0;
        byte[] good = Files.readAllBytes(image);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int at : places) {
                for (int flip : new int[] {1, 0x80, 0xFF}) {
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) (good[at] ^ flip)}), at);
                    refused += isRead(channel, reader) ? 0 : 1;
                }
                channel.write(ByteBuffer.wrap(good, at, 1), at);
            }
            for (int length = good.length - 1; length > 0; length -= good.length / 10) {
                channel.truncate(length);
                refused += isRead(channel, reader) ? 0 : 1;
            }
        }
        return refused;
    }

    private static boolean isRead(FileChannel channel, Reader reader) throws IOException {
        try (InputStream disk = Channels.newInputStream(reader.open(channel))) {
            assertThat(disk.transferTo(OutputStream.nullOutputStream())).isNotNegative();
            return true;
        } catch (FormatException e) {
            return false;
        }
    }
}
