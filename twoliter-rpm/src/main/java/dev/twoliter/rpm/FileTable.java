package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The files of a header: parallel lists, with paths split into a directory table, indexes into it and base names.
 * Source: rpm's manual, "RPM tags", file information.
 */
final class FileTable {
    // Digest, size, link target and modification time of a ghost are the system's own affair.
    static final long VERIFY_ALL = 0xFFFF_FFFFL;
    static final long VERIFY_GHOST = VERIFY_ALL & ~(1L | 1L << 1 | 1L << 2 | 1L << 5);

    private FileTable() {}

    static List<RpmFile> read(RpmHeader header, String subject) {
        List<String> paths = paths(header, subject);
        int n = paths.size();
        long[] sizes = header.has(RpmTag.LONGFILESIZES)
                ? numbers(header, RpmTag.LONGFILESIZES, n, subject)
                : numbers(header, RpmTag.FILESIZES, n, subject);
        long[] modes = numbers(header, RpmTag.FILEMODES, n, subject);
        long[] devices = numbers(header, RpmTag.FILERDEVS, n, subject);
        long[] mtimes = numbers(header, RpmTag.FILEMTIMES, n, subject);
        long[] flags = numbers(header, RpmTag.FILEFLAGS, n, subject);
        long[] inodes = numbers(header, RpmTag.FILEINODES, n, subject);
        List<String> digests = texts(header, RpmTag.FILEDIGESTS, n, subject);
        List<String> links = texts(header, RpmTag.FILELINKTOS, n, subject);
        List<String> owners = texts(header, RpmTag.FILEUSERNAME, n, subject);
        List<String> groups = texts(header, RpmTag.FILEGROUPNAME, n, subject);
        List<String> capabilities = texts(header, RpmTag.FILECAPS, n, subject);
        List<String> languages = texts(header, RpmTag.FILELANGS, n, subject);
        long[] colors = numbers(header, RpmTag.FILECOLORS, n, subject);
        long[] verifyFlags = numbers(header, RpmTag.FILEVERIFYFLAGS, n, subject);
        List<RpmFile> files = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            if (sizes[i] < 0) {
                throw new FormatException(subject, paths.get(i) + " has a negative size");
            }
            files.add(new RpmFile(
                    paths.get(i),
                    (int) modes[i],
                    owners.get(i),
                    groups.get(i),
                    sizes[i],
                    digests.get(i).toLowerCase(Locale.ROOT),
                    links.get(i),
                    (int) flags[i],
                    mtimes[i],
                    capabilities.get(i),
                    (int) devices[i],
                    (int) inodes[i],
                    languages.get(i),
                    (int) colors[i],
                    verifyFlags[i]));
        }
        return Collections.unmodifiableList(files);
    }

    private static List<String> paths(RpmHeader header, String subject) {
        List<String> names = header.strings(RpmTag.BASENAMES);
        List<String> directories = header.strings(RpmTag.DIRNAMES);
        long[] indexes = numbers(header, RpmTag.DIRINDEXES, names.size(), subject);
        List<String> paths = new ArrayList<>(names.size());
        for (int i = 0; i < indexes.length; i++) {
            if (indexes[i] >= directories.size()) {
                throw new FormatException(subject, names.get(i) + " lies in a directory that is not listed");
            }
            paths.add(directories.get((int) indexes[i]) + names.get(i));
        }
        if (names.isEmpty()) {
            paths.addAll(header.strings(RpmTag.OLDFILENAMES));
        }
        boolean source = header.has(RpmTag.SOURCEPACKAGE); // its files are names without a directory
        for (int i = 0; i < paths.size(); i++) {
            String path = source && !paths.get(i).startsWith("/") ? "/" + paths.get(i) : paths.get(i);
            if (!RpmPaths.isSafe(path)) {
                throw new FormatException(subject, "the path '" + path + "' is not absolute or leads elsewhere");
            }
            paths.set(i, path);
        }
        return paths;
    }

    private static long[] numbers(RpmHeader header, int tag, int n, String subject) {
        long[] numbers = header.has(tag) ? header.ints(tag) : new long[n];
        requireLength(tag, numbers.length, n, subject);
        return numbers;
    }

    private static List<String> texts(RpmHeader header, int tag, int n, String subject) {
        List<String> texts = header.has(tag) ? header.strings(tag) : Collections.nCopies(n, "");
        requireLength(tag, texts.size(), n, subject);
        return texts;
    }

    private static void requireLength(int tag, int actual, int n, String subject) {
        if (actual != n) {
            throw new FormatException(
                    subject, "header entry " + tag + " has " + actual + " elements for " + n + " files");
        }
    }

    static void write(HeaderWriter header, List<RpmFile> files, boolean longSizes, long large) {
        long[] sizes = files.stream().mapToLong(RpmFile::size).toArray();
        long total = files.stream().mapToLong(RpmFile::size).sum(); // links count too: rpmbuild counts their targets
        if (total >= large) {
            header.int64(RpmTag.LONGSIZE, total);
        } else {
            header.int32(RpmTag.SIZE, total);
        }
        if (longSizes) {
            header.int64(RpmTag.LONGFILESIZES, sizes);
        } else {
            header.int32(RpmTag.FILESIZES, sizes);
        }
        writePaths(header, files);
        header.int16(RpmTag.FILEMODES, all(files, RpmFile::mode))
                .int16(RpmTag.FILERDEVS, all(files, RpmFile::device))
                .int32(RpmTag.FILEMTIMES, all(files, RpmFile::mtime))
                .strings(RpmTag.FILEDIGESTS, texts(files, RpmFile::digest))
                .strings(RpmTag.FILELINKTOS, texts(files, RpmFile::linkTarget))
                .int32(RpmTag.FILEFLAGS, all(files, RpmFile::flags))
                .strings(RpmTag.FILEUSERNAME, texts(files, RpmFile::owner))
                .strings(RpmTag.FILEGROUPNAME, texts(files, RpmFile::group))
                .int32(RpmTag.FILEVERIFYFLAGS, all(files, RpmFile::verifyFlags))
                .int32(RpmTag.FILEDEVICES, all(files, file -> 1))
                .int32(RpmTag.FILEINODES, all(files, RpmFile::inode))
                .strings(RpmTag.FILELANGS, texts(files, RpmFile::language))
                .int32(RpmTag.FILECOLORS, all(files, RpmFile::color));
        if (!files.isEmpty()) {
            header.int32(RpmTag.FILEDIGESTALGO, FileDigests.SHA256);
        }
        if (files.stream().anyMatch(file -> !file.capabilities().isEmpty())) {
            header.strings(RpmTag.FILECAPS, texts(files, RpmFile::capabilities));
        }
    }

    private static void writePaths(HeaderWriter header, List<RpmFile> files) {
        Map<String, Integer> directories = new LinkedHashMap<>();
        long[] indexes = new long[files.size()];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < indexes.length; i++) {
            String path = files.get(i).path();
            int slash = path.lastIndexOf('/') + 1;
            String directory = path.substring(0, slash);
            directories.putIfAbsent(directory, directories.size());
            indexes[i] = directories.get(directory);
            names.add(path.substring(slash));
        }
        header.int32(RpmTag.DIRINDEXES, indexes)
                .strings(RpmTag.BASENAMES, names)
                .strings(RpmTag.DIRNAMES, directories.keySet());
    }

    private static long[] all(List<RpmFile> files, ToLongFunction<RpmFile> field) {
        return files.stream().mapToLong(field).toArray();
    }

    private static List<String> texts(List<RpmFile> files, Function<RpmFile, String> field) {
        return files.stream().map(field).toList();
    }
}
