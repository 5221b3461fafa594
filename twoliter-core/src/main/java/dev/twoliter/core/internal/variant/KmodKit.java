package dev.twoliter.core.internal.variant;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.image.Artefacts;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.oci.ImageFile;
import dev.twoliter.oci.StoredImage;
import dev.twoliter.rpm.PayloadVisitor;
import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.repo.RepoPackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * What people need to build modules for a variant's kernel (variant-image.md 5): the kernel's development files, which its
 * package {@code …-archive} brings, and the SDK's toolchain.
 */
public final class KmodKit {
    private static final String DEVELOPMENT = "kernel-devel.tar.xz";
    private static final String TOOLCHAIN = "toolchain";

    /** Faster by half than the usual 6, and needs a third of its memory; toolchains get hardly larger. */
    private static final int LEVEL = 3;

    /** Enough for the largest dictionary of xz's own levels. */
    private static final int MAX_DECODER_KIB = 128 << 10;

    private static final long MAX_ENTRY = 8L << 30;

    /** The SDK, asked for only when there is a kit to make. */
    public interface Sdk {
        /** {@return the SDK that the lock pins; empty where the project has none} */
        Optional<StoredImage> image();
    }

    private final String top;
    private final long time;
    private final TarArchiveOutputStream tar;
    private final Set<String> written = new HashSet<>();

    private KmodKit(String top, long time, OutputStream out) {
        this.top = top;
        this.time = time;
        this.tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** Writes it, if a kit has the kernel's archive. */
    static void write(Work.Variant work, Composite composite, Sdk sdk, Artefacts artefacts, Consumer<String> warn)
            throws IOException {
        VariantSpec variant = work.variant();
        Optional<RpmPackage> archive =
                Work.kernelOfKmodKit(variant).flatMap(kernel -> archive(work, composite, kernel));
        if (archive.isEmpty()) {
            return;
        }
        Optional<StoredImage> image = sdk.image();
        if (image.isEmpty()) {
            warn.accept("there is no kmod kit: the project names no SDK, whose toolchain belongs into it");
            return;
        }
        String name = variant.name() + "-" + work.arch() + "-kmod-kit-v"
                + work.stamp().version();
        artefacts.write("-kmod-kit.tar.xz", out -> {
            XZOutputStream compressed = new XZOutputStream(out, new LZMA2Options(LEVEL));
            KmodKit kit = new KmodKit(name, work.stamp().epochSeconds(), compressed);
            kit.directory("", 0755);
            kit.addDevelopment(archive.get());
            kit.addToolchain(image.get());
            kit.tar.finish();
            compressed.finish();
        });
        artefacts.linkAs(name + ".tar.xz", "-kmod-kit.tar.xz");
    }

    private static Optional<RpmPackage> archive(Work.Variant work, Composite composite, String kernel) {
        String wanted = "bottlerocket-" + kernel + "-archive";
        for (Composite.Member member : composite.repositories()) {
            Optional<RepoPackage> newest = member.repository().packages().stream()
                    .filter(one -> one.name().equals(wanted)
                            && one.nevra().arch().equals(work.arch().rpmName()))
                    .max(Comparator.comparing(one -> one.nevra().evr()));
            if (newest.isPresent()) {
                var file = member.repository().fileOf(newest.get());
                Results.requireSame(file, newest.get().sha256(), Hashing.sha256(file));
                return Optional.of(RpmPackage.open(file));
            }
        }
        return Optional.empty();
    }

    private void addDevelopment(RpmPackage archive) {
        String origin = archive.nevra().toString();
        int before = written.size();
        archive.unpack(new PayloadVisitor() {
            @Override
            public void visit(RpmFile file, InputStream content) throws IOException {
                if (file.path().endsWith("/" + DEVELOPMENT)) {
                    copy(content, origin);
                }
            }

            @Override
            public void hardLink(RpmFile file, RpmFile sameAs) {
                // Nothing that is wanted here.
            }
        });
        if (written.size() == before) {
            throw new FormatException(origin, "is the archive of a kernel, but has no " + DEVELOPMENT);
        }
    }

    /** Takes the entries of an archive over; owners and times are not kept. */
    private void copy(InputStream archive, String origin) throws IOException {
        TarArchiveInputStream in = new TarArchiveInputStream(new XZInputStream(archive, MAX_DECODER_KIB));
        for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            String name = inside(entry.getName(), origin);
            if (entry.isDirectory()) {
                directory(name, entry.getMode());
            } else if (entry.isSymbolicLink()) {
                link(name, TarConstants.LF_SYMLINK, entry.getLinkName());
            } else if (entry.isLink()) {
                hardLink(name, inside(entry.getLinkName(), origin), origin);
            } else if (entry.isFile()) {
                file(name, entry.getMode(), entry.getSize(), in);
            }
        }
    }

    private static String inside(String name, String origin) {
        String plain = name.replaceFirst("^(\\./)+", "").replaceFirst("/+$", "");
        if (plain.startsWith("/") || ("/" + plain + "/").contains("/../")) {
            throw new FormatException(origin, DEVELOPMENT + " has a name that leads out of it: " + name);
        }
        return plain;
    }

    private void addToolchain(StoredImage sdk) {
        int before = written.size();
        sdk.readFiles(TOOLCHAIN, this::add);
        if (written.size() == before) {
            throw new FormatException(
                    "the SDK",
                    "has no /" + TOOLCHAIN + ", which belongs into the kmod kit",
                    "Write image-features.external-kmod-development = false in the variant's Cargo.toml, or take another SDK.",
                    null);
        }
    }

    private void add(ImageFile file, InputStream content) throws IOException {
        switch (file.kind()) {
            case FILE -> file(file.path(), file.mode(), file.size(), content);
            case DIRECTORY -> directory(file.path(), file.mode());
            case SYMLINK -> link(file.path(), TarConstants.LF_SYMLINK, file.target());
            case HARD_LINK -> hardLink(file.path(), file.target(), "the SDK");
        }
    }

    private void directory(String name, int mode) throws IOException {
        if (written.add(name + "/")) {
            TarArchiveEntry entry = new TarArchiveEntry(place(name) + "/");
            put(entry, mode);
            tar.closeArchiveEntry();
        }
    }

    private void link(String name, byte type, String target) throws IOException {
        written.add(name);
        TarArchiveEntry entry = new TarArchiveEntry(place(name), type);
        entry.setLinkName(target);
        put(entry, 0777);
        tar.closeArchiveEntry();
    }

    private void hardLink(String name, String target, String origin) throws IOException {
        if (!written.contains(target)) {
            throw new FormatException(origin, name + " is a link to " + target + ", which does not come before it");
        }
        link(name, TarConstants.LF_LINK, place(target));
    }

    private void file(String name, int mode, long size, InputStream content) throws IOException {
        if (size > MAX_ENTRY) {
            throw new FormatException(name, "is too large for a kmod kit: " + size + " bytes");
        }
        written.add(name);
        TarArchiveEntry entry = new TarArchiveEntry(place(name));
        entry.setSize(size);
        put(entry, mode);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    private String place(String name) {
        return name.isEmpty() ? top : top + "/" + name;
    }

    private void put(TarArchiveEntry entry, int mode) throws IOException {
        entry.setMode(mode & 07777);
        entry.setModTime(FileTime.from(time, TimeUnit.SECONDS));
        entry.setUserId(0);
        entry.setGroupId(0);
        tar.putArchiveEntry(entry);
    }
}
