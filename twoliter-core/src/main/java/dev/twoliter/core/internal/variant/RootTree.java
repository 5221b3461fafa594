package dev.twoliter.core.internal.variant;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.disk.OrderedWork;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import dev.twoliter.core.internal.image.TrustFiles;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.rpm.FileFlag;
import dev.twoliter.rpm.PayloadVisitor;
import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmPackage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of all chosen packages as one tree. Owners, modes and capabilities are kept in the tree and never set on the
 * host's file system, so no root privileges are needed. Used once.
 */
final class RootTree {

    /** A file that holds accounts is small. */
    private static final int MAX_ACCOUNTS = 1 << 20;

    /** In hexadecimal; no other algorithm of packages has digests of this length. Unpacking verifies them. */
    private static final int SHA256_LENGTH = 64;

    private static final Set<String> PASSWD = Set.of("/etc/passwd", "/usr/share/factory/etc/passwd");
    private static final Set<String> GROUP = Set.of("/etc/group", "/usr/share/factory/etc/group");

    /** A file whose package has been unpacked, before accounts are known. */
    private record Unpacked(RpmFile file, ContentSource content, String hardLinkTo, String origin) {}

    /** All of a package. */
    private record PackageFiles(RpmPackage rpm, List<Unpacked> files) {}

    private final Path scratch;
    private final Accounts users;
    private final Accounts groups;
    private final Scriptlets scriptlets;
    private final List<Unpacked> files = new ArrayList<>();

    private RootTree(Path scratch, StepScope scope) {
        this.scratch = scratch;
        this.users = new Accounts("user", scope::warn);
        this.groups = new Accounts("group", scope::warn);
        this.scriptlets = new Scriptlets(scope::warn);
    }

    static Tree unpack(
            Work.Variant work,
            InstalledPackages installed,
            Inventory inventory,
            GuestImages guests,
            Path scratch,
            StepScope scope)
            throws IOException {
        RootTree root = new RootTree(scratch, scope);
        int cores = OrderedWork.cores();
        try (OrderedWork<PackageFiles> packages = new OrderedWork<>("unpack", cores, 2 * cores, root::add)) {
            int number = 0;
            for (InstalledPackages.Installed one : installed.packages()) {
                scope.cancellation().throwIfRequested();
                Path spool = scratch.resolve("package-" + number++);
                packages.add(() -> unpack(RpmPackage.open(one.file()), spool));
            }
            packages.finish();
        }
        return root.build(work, inventory, guests);
    }

    /** Runs beside others. */
    private static PackageFiles unpack(RpmPackage rpm, Path spooled) throws IOException {
        String origin = rpm.nevra().toString();
        List<Unpacked> files = new ArrayList<>();
        try (Spool spool = new Spool(spooled)) {
            rpm.unpack(new PayloadVisitor() {
                @Override
                public void visit(RpmFile file, InputStream content) throws IOException {
                    files.add(new Unpacked(file, take(file, content, spool, origin), "", origin));
                }

                @Override
                public void hardLink(RpmFile file, RpmFile sameAs) {
                    files.add(new Unpacked(file, ContentSource.of(new byte[0]), sameAs.path(), origin));
                }
            });
        }
        for (RpmFile file : rpm.files()) {
            if (file.has(FileFlag.GHOST) && file.isDirectory()) {
                files.add(new Unpacked(file, ContentSource.of(new byte[0]), "", origin));
            }
        }
        return new PackageFiles(rpm, files);
    }

    private static ContentSource take(RpmFile file, InputStream content, Spool spool, String origin)
            throws IOException {
        if (!file.isRegular() && !file.isDirectory() && !file.isSymlink()) {
            throw new FormatException(origin, file.path() + " is a device, pipe or socket; a root image has none");
        }
        if (!file.isRegular() || file.size() == 0) {
            return ContentSource.of(new byte[0]);
        }
        return spool.add(content, Optional.of(file.digest()).filter(digest -> digest.length() == SHA256_LENGTH));
    }

    private void add(PackageFiles unpacked) throws IOException {
        scriptlets.take(unpacked.rpm());
        for (Unpacked one : unpacked.files()) {
            if (PASSWD.contains(one.file().path())) {
                readAccounts(users, one.content());
            } else if (GROUP.contains(one.file().path())) {
                readAccounts(groups, one.content());
            }
        }
        files.addAll(unpacked.files());
    }

    private static void readAccounts(Accounts accounts, ContentSource source) throws IOException {
        try (InputStream in = source.open()) {
            accounts.read(new String(in.readNBytes(MAX_ACCOUNTS), StandardCharsets.UTF_8));
        }
    }

    private Tree build(Work.Variant work, Inventory inventory, GuestImages guests) {
        TreeBuilder tree = Tree.builder();
        for (Unpacked one : files) {
            RpmFile file = one.file();
            if (!one.hardLinkTo().isEmpty()) {
                tree.hardLink(file.path(), one.hardLinkTo(), one.origin());
            } else if (file.isDirectory()) {
                tree.directory(file.path(), attributes(file), one.origin());
            } else if (file.isSymlink()) {
                tree.symlink(file.path(), attributes(file), file.linkTarget(), one.origin());
            } else {
                tree.file(file.path(), attributes(file), one.content(), one.origin());
            }
        }
        long time = work.stamp().epochSeconds();
        guests.addTo(tree, time);
        tree.file(
                "/usr/share/bottlerocket/" + Inventory.FILE,
                Attributes.root(0644, time),
                ContentSource.of(inventory.text()),
                "the build");
        Tree whole = scriptlets.apply(tree.build(), time);
        // As upstream (variant-image.md 2.7): rpm's database is there, and nothing else may be.
        Tree indexed = KernelModules.complete(whole.without("/var/lib"), work, scratch);
        return TrustFiles.complete(SystemFiles.complete(indexed, work), work.files(), time);
    }

    private Attributes attributes(RpmFile file) {
        Xattrs xattrs = file.capabilities().isEmpty()
                ? Xattrs.NONE
                : Xattrs.NONE.with(FileCapabilities.XATTR, FileCapabilities.encode(file.path(), file.capabilities()));
        return new Attributes(
                file.permissions(), users.number(file.owner()), groups.number(file.group()), file.mtime(), xattrs);
    }
}
