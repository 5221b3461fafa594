package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Unpacks one package, see {@link RpmUnpacker}. Used once. */
final class UnpackRun implements PayloadVisitor {
    private static final int PERMISSIONS = 0777;
    private static final int STICKY = 01000;
    private static final int WORKING_MODE = 0700; // a directory must take files before it gets its own mode
    private static final int IMPLIED_MODE = 0755;

    private final RpmPackage rpm;
    private final Path root;
    private final boolean owners;
    private final boolean overwrite;
    private final Set<Path> safe = new HashSet<>();
    private final Map<String, Path> regular = new HashMap<>();
    private final List<RpmFile> directories = new ArrayList<>();
    private final List<RpmFile> made = new ArrayList<>();
    private final List<RpmFile> skipped = new ArrayList<>();

    UnpackRun(RpmPackage rpm, Path root, boolean owners, boolean overwrite) {
        this.rpm = rpm;
        this.root = root;
        this.owners = owners;
        this.overwrite = overwrite;
        safe.add(root);
    }

    @Override
    public void visit(RpmFile file, InputStream content) throws IOException {
        if (!file.isRegular() && !file.isDirectory() && !file.isSymlink()) {
            skipped.add(file);
            return;
        }
        Path target = place(file);
        if (file.isDirectory()) {
            makeDirectory(target, WORKING_MODE);
            directories.add(file); // its mode and time come last, in finish()
        } else if (file.isSymlink()) {
            vacate(target);
            Files.createSymbolicLink(target, path(file.linkTarget()));
            setOwner(target, file);
            setTime(target, file);
        } else {
            vacate(target);
            write(target, content);
            setOwner(target, file);
            setTime(target, file);
            setMode(target, mode(file));
            regular.put(file.path(), target);
        }
        made.add(file);
    }

    private static void write(Path target, InputStream content) throws IOException {
        boolean whole = false;
        try {
            Files.copy(content, target); // refuses what exists, links included
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(target);
            }
        }
    }

    @Override
    public void hardLink(RpmFile file, RpmFile sameAs) throws IOException {
        Path existing = regular.get(sameAs.path());
        if (existing == null) {
            throw malformed(file.path() + " is a link of " + sameAs.path() + ", which is not there");
        }
        Path target = place(file);
        vacate(target);
        Files.createLink(target, existing);
        regular.put(file.path(), target);
        made.add(file);
    }

    /** Gives directories their modes and times, the inner ones first: writing into one changes its time. */
    Unpacked finish() {
        directories.sort((a, b) -> b.path().compareTo(a.path()));
        for (RpmFile file : directories) {
            try {
                Path target = place(file);
                setOwner(target, file);
                setTime(target, file);
                setMode(target, mode(file));
            } catch (IOException e) {
                throw StorageException.of("unpack", rpm.file(), e);
            }
        }
        return new Unpacked(root, made, skipped);
    }

    /** Finds a file's place, and makes the directories above it that are missing. */
    private Path place(RpmFile file) throws IOException {
        Path relative = path(file.path().substring(1));
        Path parent = root;
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            parent = parent.resolve(relative.getName(i));
            if (!safe.contains(parent)) {
                makeDirectory(parent, IMPLIED_MODE);
            }
        }
        return root.resolve(relative);
    }

    private Path path(String text) {
        try {
            return root.getFileSystem().getPath(text);
        } catch (InvalidPathException e) {
            throw new FormatException(
                    rpm.file().toString(),
                    "the name '" + text + "' cannot be written on this system",
                    "Use a locale with UTF-8, such as LC_ALL=C.UTF-8.",
                    e);
        }
    }

    private void makeDirectory(Path directory, int mode) throws IOException {
        if (safe.contains(directory)) {
            return;
        }
        BasicFileAttributes existing = attributes(directory);
        if (existing == null) {
            Files.createDirectory(directory);
            setMode(directory, mode);
        } else if (existing.isSymbolicLink()) {
            throw new FormatException(
                    rpm.file().toString(),
                    "its files lead through the symbolic link " + directory,
                    "Unpack it into an empty directory.",
                    null);
        } else if (!existing.isDirectory()) {
            throw new FormatException(
                    rpm.file().toString(),
                    directory + " should be a directory, but is a file",
                    "Unpack it into an empty directory.",
                    null);
        }
        safe.add(directory);
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void vacate(Path target) throws IOException {
        BasicFileAttributes existing = attributes(target);
        if (existing == null) {
            return;
        }
        if (!overwrite || existing.isDirectory()) {
            throw new StorageException(
                    target.toString(),
                    target + " exists already",
                    "Unpack into an empty directory, or ask for files to be replaced.",
                    new FileAlreadyExistsException(target.toString()));
        }
        Files.delete(target);
    }

    private int mode(RpmFile file) {
        return file.permissions() & (owners ? 07777 : PERMISSIONS | STICKY);
    }

    private static void setMode(Path target, int mode) throws IOException {
        Files.setAttribute(target, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }

    /** Comes before the mode, as does the time: a change of owner takes the setuid bit away. */
    private void setOwner(Path target, RpmFile file) throws IOException {
        if (!owners) {
            return;
        }
        UserPrincipalLookupService names = root.getFileSystem().getUserPrincipalLookupService();
        PosixFileAttributeView view =
                Files.getFileAttributeView(target, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        try {
            view.setOwner(names.lookupPrincipalByName(file.owner()));
            view.setGroup(names.lookupPrincipalByGroupName(file.group()));
        } catch (UserPrincipalNotFoundException e) {
            throw new StorageException(
                    target.toString(),
                    "this system has no user or group '" + e.getName() + "', the owner of " + file.path(),
                    "Unpack without owners.",
                    e);
        }
    }

    private static void setTime(Path target, RpmFile file) throws IOException {
        Files.getFileAttributeView(target, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(file.mtime(), TimeUnit.SECONDS), null, null);
    }

    private FormatException malformed(String message) {
        return new FormatException(rpm.file().toString(), message);
    }
}
