package dev.twoliter.core.internal.project;

import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.Declaration;
import dev.twoliter.api.Problem.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code package.toml}, a declarative package (formats.md 3): the keys are those of the sample there, in its order. */
final class PackageToml {

    private static final List<String> KEYS = List.of(
            "name",
            "prefix",
            "version",
            "release",
            "epoch",
            "arch",
            "summary",
            "description",
            "license",
            "homepage",
            "requires",
            "provides",
            "conflicts",
            "obsoletes",
            "recommends",
            "suggests",
            "contents");

    private static final Set<String> CONTENT_KEYS = Set.of("src", "dst", "type", "file_info");

    private static final Set<String> SCRIPTLETS = Set.of("scripts", "scriptlets", "pre", "post", "preun", "postun");

    /** Modes in octal digits, as they look when the 0o is forgotten. */
    private static final Set<Integer> DECIMAL_MODES =
            Set.of(400, 440, 444, 500, 550, 555, 600, 640, 644, 660, 664, 700, 750, 755, 770, 775, 777);

    private PackageToml() {}

    static Declaration read(TomlView root, String name) {
        for (String key : root.keys()) {
            if (SCRIPTLETS.contains(key)) {
                root.error(
                        key,
                        "scriptlets are not possible: the root file system is assembled without running anything",
                        "use a systemd unit, or tmpfiles.d and sysusers.d");
            } else if (!KEYS.contains(key)) {
                root.error(key, "there is no key '" + key + "' here", Nearest.hint(key, KEYS));
            }
        }
        root.string("name")
                .filter(n -> !n.equals(name))
                .ifPresent(n -> root.error(
                        "name",
                        "the name is '" + n + "', but this is the package '" + name + "'",
                        "make them the same"));
        Declaration.Builder b = Declaration.builder();
        root.string("prefix").ifPresent(b::prefix);
        // Stand-ins for what is missing or wrong: that has had its problem.
        b.version(root.required("version").orElse("0"));
        root.string("release").ifPresent(b::release);
        root.integer("epoch", 0, 0xFFFF_FFFFL).ifPresent(b::epoch);
        root.string("arch").ifPresent(b::arch);
        b.summary(root.required("summary").orElse("-"));
        root.string("description").ifPresent(b::description);
        b.license(root.required("license").orElse("MIT"));
        root.string("homepage").ifPresent(b::homepage);
        b.requires(array(root, "requires"));
        b.provides(array(root, "provides"));
        b.conflicts(array(root, "conflicts"));
        b.obsoletes(array(root, "obsoletes"));
        b.recommends(array(root, "recommends"));
        b.suggests(array(root, "suggests"));
        List<TomlView> contents = root.tables("contents");
        for (int i = 0; i < contents.size(); i++) {
            b.addContent(content(contents.get(i), "unreadable-" + i));
        }
        return b.build();
    }

    private static String[] array(TomlView root, String key) {
        return root.strings(key).toArray(String[]::new);
    }

    private static Content content(TomlView c, String unreadable) {
        c.onlyKeys(Severity.ERROR, CONTENT_KEYS);
        boolean known = c.keys().stream().allMatch(CONTENT_KEYS::contains);
        Optional<ContentType> type = type(c);
        // Without its type, or with a misspelt key, nobody knows whether a src is missing.
        String src = c.string("src", type.isPresent() && known ? "" : unreadable, unreadable);
        String dst = c.string("dst", known ? "" : "/" + unreadable, "/" + unreadable);
        Content content =
                Content.of(type.orElse(ContentType.FILE), type.isEmpty() && src.isEmpty() ? unreadable : src, dst);
        Optional<TomlView> info = c.table("file_info");
        if (info.isEmpty()) {
            return content;
        }
        TomlView i = info.get();
        i.onlyKeys(Severity.ERROR, Set.of("mode", "owner", "group"));
        OptionalLong mode = i.integer("mode", 0, 07777);
        if (mode.isPresent()) {
            int bits = (int) mode.getAsLong();
            if (DECIMAL_MODES.contains(bits)) {
                i.warning("mode", "the mode " + bits + " is decimal", "write 0o" + bits);
            }
            content = content.withMode(bits);
        }
        return content.withOwner(
                i.string("owner").orElse("root"), i.string("group").orElse("root"));
    }

    /** {@return the type; empty when it is wrong} */
    private static Optional<ContentType> type(TomlView c) {
        if (!c.has("type")) {
            return Optional.of(ContentType.FILE);
        }
        Optional<String> word = c.string("type");
        Optional<ContentType> type = word.flatMap(ContentType::of);
        if (word.isPresent() && type.isEmpty()) {
            List<String> words =
                    Arrays.stream(ContentType.values()).map(ContentType::key).toList();
            c.error(
                    "type",
                    "'" + word.get() + "' is none of " + String.join(", ", words),
                    Nearest.hint(word.get(), words));
        }
        return type;
    }

    /** {@return the text; what has its default is left out} */
    static String format(String name, Declaration d) {
        TomlText text = new TomlText().put("name", name);
        if (!d.prefix().equals(Declaration.DEFAULT_PREFIX)) {
            text.put("prefix", d.prefix());
        }
        text.put("version", d.version()).put("release", d.release());
        if (d.epoch() != 0) {
            text.put("epoch", d.epoch());
        }
        d.arch().ifPresent(arch -> text.put("arch", arch));
        text.put("summary", d.summary());
        if (!d.description().equals(d.summary())) {
            text.raw(
                    "description",
                    d.description().contains("\n")
                            ? TomlText.multiline(d.description())
                            : TomlText.string(d.description()));
        }
        text.put("license", d.license());
        if (!d.homepage().isEmpty()) {
            text.put("homepage", d.homepage());
        }
        list(text, "requires", d.requires());
        list(text, "provides", d.provides());
        list(text, "conflicts", d.conflicts());
        list(text, "obsoletes", d.obsoletes());
        list(text, "recommends", d.recommends());
        list(text, "suggests", d.suggests());
        d.contents().forEach(c -> content(text.element("contents"), c));
        return text.toString();
    }

    private static void list(TomlText text, String key, List<String> values) {
        if (!values.isEmpty()) {
            text.put(key, values);
        }
    }

    private static void content(TomlText text, Content c) {
        if (!c.src().isEmpty()) {
            text.put("src", c.src());
        }
        text.put("dst", c.dst());
        if (c.type() != ContentType.FILE) {
            text.put("type", c.type().key());
        }
        Integer mode = c.modeOrNull();
        boolean root = c.owner().equals("root") && c.group().equals("root");
        if (mode == null && root) {
            return;
        }
        // Nested tables of the last element of an array are written as contents.NAME.
        text.line("[contents.file_info]");
        if (mode != null) {
            text.raw("mode", String.format(Locale.ROOT, "0o%03o", mode));
        }
        if (!root) {
            text.put("owner", c.owner()).put("group", c.group());
        }
    }
}
