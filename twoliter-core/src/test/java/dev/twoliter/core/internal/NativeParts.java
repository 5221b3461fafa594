package dev.twoliter.core.internal;

import dev.twoliter.api.DiskInspection.Part;
import dev.twoliter.api.Twoliter;
import dev.twoliter.core.internal.boot.GrubConfig;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the file systems of a disk anew with the programs that upstream makes them with. */
record NativeParts(Path disk, Path work) {
    private static final String SALT = "5a".repeat(32);

    private Part part(Path image, String label) {
        return Twoliter.inspectDisk(image).parts().stream()
                .filter(one -> one.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private Path read(Path image, String label) {
        Part part = part(image, label);
        Path file = work.resolve(label + ".part");
        Command.output(
                "dd",
                "if=" + image,
                "of=" + file,
                "bs=1M",
                "skip=" + (part.offset() >> 20),
                "count=" + (part.size() >> 20),
                "status=none");
        return file;
    }

    private void write(Path file, String label) {
        Part part = part(disk, label);
        Command.output("truncate", "-s", part.size(), file);
        Command.output(
                "dd",
                "if=" + file,
                "of=" + disk,
                "bs=1M",
                "seek=" + (part.offset() >> 20),
                "conv=notrunc",
                "status=none");
    }

    /** Unpacks the root of a disk. */
    Path extract(Path image) {
        Path tree = work.resolve("tree-" + image.hashCode());
        Command.output("fsck.erofs", "--extract=" + tree, read(image, "BOTTLEROCKET-ROOT-A"));
        return tree;
    }

    void remake() throws IOException {
        Path root = work.resolve("root.erofs");
        Command.output("mkfs.erofs", "-zlz4hc,12", "-C262144", "-T1700000000", root, extract(disk));
        long blocks = Files.size(root) / 4096;
        Path hashes = work.resolve("root.hashes");
        String said = Command.output("veritysetup", "format", "--salt=" + SALT, root, hashes);
        String hash = said.replaceFirst("(?s).*Root hash:\\s*([0-9a-f]{64}).*", "$1");
        Path files = Files.createDirectory(work.resolve("boot-files"));
        Command.output("debugfs", "-R", "rdump / " + files, read(disk, "BOTTLEROCKET-BOOT-A"));
        Path config = files.resolve("grub/grub.cfg");
        Files.writeString(
                config,
                GrubConfig.withVerityRoot(
                        Files.readString(config),
                        new VerityRoot(hash, SALT, blocks, Files.size(hashes) / 4096).dmModCreate()));
        Path boot = work.resolve("boot.ext4");
        Command.output("mke2fs", "-q", "-t", "ext4", "-b", "1024", "-O", "^has_journal", "-d", files, boot, "20M");
        write(root, "BOTTLEROCKET-ROOT-A");
        write(hashes, "BOTTLEROCKET-HASH-A");
        write(boot, "BOTTLEROCKET-BOOT-A");
    }
}
