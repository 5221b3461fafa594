package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The files of a header: parallel lists, with paths split into a directory table, indexes into it and base names.
 * Source: rpm's manual, "RPM tags", file information.
 */
final class FileTable {
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
                    (int) inodes[i]));
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
}
