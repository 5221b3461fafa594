package dev.twoliter.rpm.internal.repo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A package file of a repository.
 *
 * @param href its path relative to the repository
 * @param modifiedSeconds its modification time in seconds since 1970
 */
record RpmOnDisk(Path path, String href, long size, long modifiedSeconds) {

    /**
     * Finds all packages below a directory, which are plain files named {@code *.rpm}; symbolic links are not followed.
     * They are sorted by the bytes of the base name, then of the path, as createrepo_c does.
     */
    static List<RpmOnDisk> find(Path root, List<String> excludes) throws IOException {
        List<Pattern> patterns = excludes.stream().map(RpmOnDisk::pattern).toList();
        List<RpmOnDisk> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && file.getFileName().toString().endsWith(".rpm")) {
                    String href = root.relativize(file).toString();
                    if (patterns.stream()
                            .noneMatch(pattern -> pattern.matcher(href).matches())) {
                        long modified = attributes.lastModifiedTime().to(TimeUnit.SECONDS);
                        found.add(new RpmOnDisk(file, href, attributes.size(), modified));
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort((a, b) -> {
            int order = compare(a.baseName(), b.baseName());
            return order == 0 ? compare(a.href, b.href) : order;
        });
        return found;
    }

    private String baseName() {
        return href.substring(href.lastIndexOf('/') + 1);
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                glob.chars()
                        .mapToObj(c -> switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
