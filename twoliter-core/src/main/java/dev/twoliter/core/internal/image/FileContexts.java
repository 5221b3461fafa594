package dev.twoliter.core.internal.image;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The SELinux labels that an image's own policy gives its files (variant-image.md 2.11; selabel_file(5) and
 * file_contexts(5) have the format): a pattern for whole paths, perhaps a type, a context. A path without wildcards beats
 * a pattern, and the last one that fits beats those before it. Immutable.
 *
 * @param rules in the order of the file, plain paths last
 */
record FileContexts(List<Rule> rules) {

    private static final List<String> PLACES = List.of(
            "/etc/selinux/fortified/contexts/files/file_contexts",
            "/usr/share/factory/etc/selinux/fortified/contexts/files/file_contexts");

    private static final String XATTR = "security.selinux";
    private static final String NONE = "<<none>>";
    private static final int MAX_SIZE = 16 << 20;

    /**
     * A rule.
     *
     * @param pattern for whole paths
     * @param type of files that it is for, as in {@code ls -l}, or 0 for all
     * @param context the label; {@value #NONE} for no label
     */
    record Rule(Pattern pattern, char type, String context) {}

    FileContexts {
        rules = List.copyOf(rules);
    }

    /** Reads those of a root tree; without any, nothing gets a label. */
    static FileContexts of(Tree root, Arch arch) {
        String sysroot = "/" + arch + "-bottlerocket-linux-gnu/sys-root";
        for (String place : PLACES) {
            for (String path : List.of(sysroot + place, place)) {
                Optional<TreeEntry> found = root.find(path);
                if (found.isPresent() && found.get() instanceof TreeEntry.RegularFile file) {
                    return parse(path, read(file));
                }
            }
        }
        return new FileContexts(List.of());
    }

    private static String read(TreeEntry.RegularFile file) {
        try (InputStream in = file.content().open()) {
            return new String(in.readNBytes(MAX_SIZE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageException.of("read", file.path(), e);
        }
    }

    static FileContexts parse(String subject, String text) {
        List<Rule> patterns = new ArrayList<>();
        List<Rule> plain = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+", -1);
            if (words.length < 2 || words.length > 3 || (words.length == 3 && !words[1].matches("-[-dlcbps]"))) {
                throw new FormatException(subject, "line " + number + " is no file context: " + line);
            }
            boolean isPlain = words[0].chars().noneMatch(c -> ".^$?*+|[](){}".indexOf(c) >= 0);
            try {
                Rule rule = new Rule(
                        Pattern.compile(words[0]), words.length == 3 ? words[1].charAt(1) : 0, words[words.length - 1]);
                (isPlain ? plain : patterns).add(rule);
            } catch (PatternSyntaxException e) {
                throw new FormatException(subject, "line " + number + " has no pattern: " + e.getDescription());
            }
        }
        patterns.addAll(plain);
        return new FileContexts(patterns);
    }

    /** Gives every entry its label; those that have none in the policy keep none. */
    Tree label(Tree tree) {
        return rules.isEmpty() ? tree : tree.withAttributes(this::labelled);
    }

    private Attributes labelled(TreeEntry.Inode entry) {
        Attributes attributes = entry.attributes();
        return context(entry)
                // The kernel stores a label with its terminator.
                .map(context -> attributes.withXattrs(
                        attributes.xattrs().with(XATTR, (context + "\0").getBytes(StandardCharsets.UTF_8))))
                .orElse(attributes);
    }

    private Optional<String> context(TreeEntry.Inode entry) {
        char type = entry instanceof TreeEntry.Directory ? 'd' : entry instanceof TreeEntry.Symlink ? 'l' : '-';
        for (int i = rules.size() - 1; i >= 0; i--) {
            Rule rule = rules.get(i);
            if ((rule.type() == 0 || rule.type() == type)
                    && rule.pattern().matcher(entry.path()).matches()) {
                return rule.context().equals(NONE) ? Optional.empty() : Optional.of(rule.context());
            }
        }
        return Optional.empty();
    }
}
