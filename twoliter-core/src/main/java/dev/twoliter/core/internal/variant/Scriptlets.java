package dev.twoliter.core.internal.variant;

import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.Scriptlet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What packages want done after they are installed. Bottlerocket's make symbolic links, in rpm's Lua; that is understood,
 * and nothing is ever run (variant-image.md 2.2). Used once.
 */
final class Scriptlets {

    private static final Pattern SYMLINK =
            Pattern.compile("posix\\.symlink\\s*\\(\\s*[\"']([^\"']+)[\"']\\s*,\\s*[\"']([^\"']+)[\"']\\s*\\)\\s*;?");

    /** A link that a scriptlet makes. */
    private record Link(String path, String target, String origin) {}

    private final List<Link> links = new ArrayList<>();
    private final Consumer<String> warn;

    Scriptlets(Consumer<String> warn) {
        this.warn = warn;
    }

    /** Notes those of a package. */
    void take(RpmPackage rpm) {
        String origin = rpm.nevra().toString();
        for (Scriptlet scriptlet : rpm.scriptlets()) {
            boolean isInstall = scriptlet.event() == Scriptlet.Event.PRE
                    || scriptlet.event() == Scriptlet.Event.POST
                    || scriptlet.event() == Scriptlet.Event.POSTTRANS;
            if (isInstall && !understood(scriptlet, origin)) {
                warn.accept("the scriptlet %" + scriptlet.event().name().toLowerCase(java.util.Locale.ROOT) + " of "
                        + origin + " is not run: only Lua that makes symbolic links is understood");
            }
        }
    }

    private boolean understood(Scriptlet scriptlet, String origin) {
        if (scriptlet.interpreter().isEmpty() || !scriptlet.interpreter().get(0).equals("<lua>")) {
            return scriptlet.body().isBlank();
        }
        List<Link> found = new ArrayList<>();
        for (String line : scriptlet.body().lines().map(String::strip).toList()) {
            Matcher call = SYMLINK.matcher(line);
            if (call.matches() && call.group(2).startsWith("/")) {
                found.add(new Link(call.group(2), call.group(1), origin));
            } else if (!line.isEmpty() && !line.startsWith("--")) {
                return false;
            }
        }
        links.addAll(found);
        return true;
    }

    /** Makes the links, unless something is there. */
    Tree apply(Tree tree, long time) {
        List<Link> absent =
                links.stream().filter(link -> tree.find(link.path()).isEmpty()).toList();
        if (absent.isEmpty()) {
            return tree;
        }
        TreeBuilder builder = tree.toBuilder();
        absent.forEach(link -> builder.symlink(link.path(), Attributes.root(0777, time), link.target(), link.origin()));
        return builder.build();
    }
}
