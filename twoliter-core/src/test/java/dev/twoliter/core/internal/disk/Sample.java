package dev.twoliter.core.internal.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeManifest;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import dev.twoliter.testing.Command;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;

/** Trees for the tests of file systems, and what the kernel says of an image. */
public final class Sample {
    public static final long TIME = 1_700_000_000;
    public static final Xattrs OS = label("system_u:object_r:os_t:s0");

    private Sample() {}

    public static Xattrs label(String context) {
        return Xattrs.NONE.with("security.selinux", (context + "\0").getBytes(UTF_8));
    }

    /** Every boundary of sizes, many names, many labels, links; and an xattr of a size. */
    public static Tree tree(int bigXattr) {
        Attributes dirs = new Attributes(0755, 0, 0, TIME, OS);
        Attributes file = new Attributes(0644, 0, 0, TIME + 7, OS);
        TreeBuilder tree = Tree.builder().directory("/", dirs.withMode(0555), "test");
        Random random = new Random(1);
        for (int size :
                new int[] {0, 1, 3900, 4015, 4016, 4017, 4031, 4032, 4033, 4095, 4096, 4097, 8191, 8192, 300_000}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            tree.file("/sizes/" + size, file, ContentSource.of(bytes), "test");
            tree.file("/bare/" + size, file.withXattrs(Xattrs.NONE), ContentSource.of(bytes), "test");
        }
        for (int i = 0; i < 700; i++) {
            tree.file("/many/name-" + i, file, ContentSource.of(("content " + i).getBytes(UTF_8)), "test");
            Xattrs pairwise = label("system_u:object_r:type_" + i / 2 + "_t:s0");
            tree.file("/labels/" + i, file.withXattrs(pairwise), ContentSource.of(new byte[i]), "test");
        }
        byte[] capability = HexFormat.of().parseHex("0100000200040000000000000000000000000000");
        return tree.directory("/many", dirs, "test")
                .directory("/labels", dirs, "test")
                .directory("/sizes", dirs, "test")
                .directory("/empty", dirs.withMode(01777), "test")
                .file(
                        "/usr/bin/ping",
                        new Attributes(
                                04755,
                                1000,
                                70000,
                                TIME,
                                OS.with("security.capability", capability)
                                        .with("user.note", new byte[0])
                                        .with("trusted.big", new byte[bigXattr])),
                        ContentSource.of(new byte[] {1, 2, 3}),
                        "test")
                .file("/größe €", file, ContentSource.of(new byte[] {4}), "test")
                .symlink("/lib", dirs.withMode(0777), "usr/lib", "test")
                .symlink("/long", dirs.withMode(0777), "x".repeat(200) + ("/" + "y".repeat(200)).repeat(19), "test")
                .file("/lib/os-release", file, ContentSource.of("ID=bottlerocket\n".getBytes(UTF_8)), "test")
                .hardLink("/usr/lib/a-first-name", "/usr/lib/os-release", "test")
                .hardLink("/second", "/lib/os-release", "test")
                .build();
    }

    public static String manifest(Tree tree) throws IOException {
        StringBuilder text = new StringBuilder();
        TreeManifest.write(tree, text);
        return text.toString();
    }

    /** A content that has not the size it says. */
    public static ContentSource lying(long size, int actual) {
        return new ContentSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[actual]);
            }
        };
    }

    /** Mounts an image, and gives its tree's manifest; skips the test where mounting is not permitted. */
    public static String mounted(Path image, String type, Path dir) throws IOException {
        Path mounted = Files.createDirectory(dir.resolve("mounted"));
        Command mount = Command.run("mount", "-t", type, "-o", "loop,ro", image, mounted);
        assumeThat(mount.exit()).as("mount is permitted: %s", mount.output()).isZero();
        try {
            Path script = dir.resolve("manifest.py");
            try (InputStream in = Sample.class.getResourceAsStream("manifest.py")) {
                Files.write(script, in.readAllBytes());
            }
            return Command.output("python3", script, mounted);
        } finally {
            Command.output("umount", mounted);
        }
    }
}
