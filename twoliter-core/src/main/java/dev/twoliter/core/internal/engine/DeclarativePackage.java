package dev.twoliter.core.internal.engine;

import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.Declaration;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.rpm.FileFlag;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.RpmEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Turns a package.toml into an RPM (formats.md, section 3). Used once. */
final class DeclarativePackage {

    private final PackageStep step;
    private final Declaration declaration;
    private final RpmBuilder rpm;
    private final Set<String> paths = new HashSet<>();

    DeclarativePackage(PackageStep step) {
        this.step = step;
        this.declaration = step.spec().declaration().orElseThrow();
        this.rpm = RpmBuilder.builder(
                declaration.prefix() + step.spec().name(),
                declaration.version(),
                declaration.release() + step.buildStamp());
    }

    /** Writes the RPM into a directory; returns the file. */
    Path writeTo(Path directory) {
        String arch = declaration.arch().orElse(step.arch().rpmName());
        if (!arch.equals("noarch") && !arch.equals(step.arch().rpmName())) {
            throw new EngineException(
                    "package '" + step.spec().name() + "' is for " + arch + " only, but " + step.arch()
                            + " is being built",
                    "Leave arch out of its package.toml, or keep it out of what is built for " + step.arch() + ".",
                    null);
        }
        rpm.epoch(declaration.epoch())
                .arch(arch)
                .summary(declaration.summary())
                .description(declaration.description())
                .license(declaration.license())
                .url(declaration.homepage())
                .buildTime(Instant.ofEpochSecond(step.sourceDateEpoch()))
                .requires(relations("requires", declaration.requires()))
                .provides(relations("provides", declaration.provides()))
                .conflicts(relations("conflicts", declaration.conflicts()))
                .obsoletes(relations("obsoletes", declaration.obsoletes()))
                .recommends(relations("recommends", declaration.recommends()))
                .suggests(relations("suggests", declaration.suggests()));
        declaration.contents().forEach(this::add);
        Nevra nevra = rpm.nevra();
        return rpm.writeTo(directory.resolve(nevra.fileName())).file();
    }

    private List<Relation> relations(String key, List<String> texts) {
        return texts.stream().map(text -> relation(key, text)).toList();
    }

    private Relation relation(String key, String text) {
        try {
            return Relation.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidProjectException(List.of(new Problem(
                    Problem.Severity.ERROR,
                    "packages/" + step.spec().name() + "/package.toml",
                    0,
                    0,
                    key,
                    "'" + text + "' is not an RPM dependency: " + e.getMessage(),
                    "write NAME, NAME >= VERSION, or (A if B)")));
        }
    }

    private void add(Content content) {
        switch (content.type()) {
            case DIR -> put(content, RpmEntry.directory(content.dst()), 0755);
            case SYMLINK -> put(content, RpmEntry.symlink(content.dst(), content.src()), 0777);
            case GHOST -> put(content, RpmEntry.ghost(content.dst()), 0644);
            case TREE -> addTree(content);
            case FILE, CONFIG, CONFIG_NOREPLACE, DOC, LICENSE -> addFiles(content);
        }
    }

    private void addFiles(Content content) {
        if (isGlob(content.src())) {
            PathMatcher matcher = matcher(content);
            List<Path> found = below(step.directory()).stream()
                    .filter(Files::isRegularFile)
                    .filter(file -> matcher.matches(step.directory().relativize(file)))
                    .toList();
            if (found.isEmpty()) {
                throw missing(content, "nothing matches");
            }
            found.forEach(file -> addFile(content, content.dst() + "/" + file.getFileName(), file));
            return;
        }
        Path source = step.directory().resolve(content.src());
        if (Files.isDirectory(source)) {
            requireInside(content, source);
            below(source).stream()
                    .filter(Files::isRegularFile)
                    .forEach(file -> addFile(content, content.dst() + "/" + source.relativize(file), file));
        } else {
            addFile(content, content.dst(), source);
        }
    }

    /** Everything below a directory: directories, files, and symbolic links as links. */
    private void addTree(Content content) {
        Path source = step.directory().resolve(content.src());
        if (!Files.isDirectory(source)) {
            throw missing(content, "there is no directory");
        }
        requireInside(content, source);
        put(content, RpmEntry.directory(content.dst()), 0755);
        for (Path path : below(source)) {
            String dst = content.dst() + "/" + source.relativize(path);
            if (Files.isSymbolicLink(path)) {
                put(content, RpmEntry.symlink(dst, target(path)), 0777, dst);
            } else if (Files.isDirectory(path)) {
                put(content, RpmEntry.directory(dst), 0755, dst);
            } else {
                addFile(content, dst, path);
            }
        }
    }

    private void addFile(Content content, String dst, Path file) {
        if (!Files.isRegularFile(file)) {
            throw missing(content, "there is no file");
        }
        requireInside(content, file);
        RpmEntry entry = RpmEntry.file(dst, file);
        switch (content.type()) {
            case CONFIG -> entry = entry.flag(FileFlag.CONFIG);
            case CONFIG_NOREPLACE -> entry = entry.flag(FileFlag.CONFIG).flag(FileFlag.NO_REPLACE);
            case DOC -> entry = entry.flag(FileFlag.DOC);
            case LICENSE -> entry = entry.flag(FileFlag.LICENSE);
            default -> {}
        }
        put(content, entry, Files.isExecutable(file) ? 0755 : 0644, dst);
    }

    private void put(Content content, RpmEntry entry, int defaultMode) {
        put(content, entry, defaultMode, content.dst());
    }

    private void put(Content content, RpmEntry entry, int defaultMode, String dst) {
        if (!paths.add(dst)) {
            throw new SourceException(
                    dst,
                    "package '" + step.spec().name() + "': two entries of [[contents]] make " + dst,
                    "Leave one of them out.",
                    null);
        }
        Integer mode = content.modeOrNull();
        // One mode cannot fit directories and files: those of a tree keep theirs.
        boolean own = content.type() == ContentType.TREE || content.type() == ContentType.SYMLINK;
        rpm.add(entry.mode(mode == null || own ? defaultMode : mode)
                .owner(content.owner())
                .group(content.group()));
    }

    private static boolean isGlob(String path) {
        return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private PathMatcher matcher(Content content) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + content.src());
        } catch (PatternSyntaxException e) {
            throw new SourceException(
                    content.src(),
                    "package '" + step.spec().name() + "': src '" + content.src() + "' is not a pattern: "
                            + e.getDescription(),
                    "Write one like *.conf or units/{a,b}.service.",
                    e);
        }
    }

    private static List<Path> below(Path directory) {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(path -> !path.equals(directory)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw StorageException.of("read", directory, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw StorageException.of("read", link, e);
        }
    }

    /** A symbolic link in the package directory must not bring in files of the machine. */
    private void requireInside(Content content, Path file) {
        try {
            if (!file.toRealPath().startsWith(step.directory().toRealPath())) {
                throw new SourceException(
                        file.toString(),
                        "package '" + step.spec().name() + "': src '" + content.src()
                                + "' leads out of the package directory, to " + file.toRealPath(),
                        "Copy the file into the package directory.",
                        null);
            }
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private SourceException missing(Content content, String what) {
        return new SourceException(
                content.src(),
                "package '" + step.spec().name() + "': " + what + " '" + content.src() + "' in " + step.directory()
                        + " for " + content.dst(),
                "Add it, or correct src in packages/" + step.spec().name() + "/package.toml.",
                null);
    }
}
