package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.TarEntry;
import dev.twoliter.oci.internal.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;

/**
 * Shows the files of an image without unpacking it, as its layers together have them: what a higher layer has hides what is
 * below, and whiteouts remove (OCI image specification 1.1, layer.md, "Applying Changesets"). Used once; layers are to be
 * read from the highest to the lowest.
 */
final class ImageFiles {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /** An SDK has many small files. */
    private static final LayerLimits LIMITS = new LayerLimits(64L << 30, 2_000_000, 200);

    private final String directory;
    private final ImageFile.Visitor visitor;

    /** What has been shown. */
    private final Set<String> shown = new HashSet<>();

    /** Names that hide themselves and everything below. */
    private final Set<String> ended = new HashSet<>();

    /** Directories that hide everything below. */
    private final Set<String> opaque = new HashSet<>();

    ImageFiles(String directory, ImageFile.Visitor visitor) {
        this.directory = directory;
        this.visitor = visitor;
    }

    void read(InputStream layer, String subject) {
        Set<String> endedHere = new HashSet<>();
        Set<String> opaqueHere = new HashSet<>();
        Set<String> here = new HashSet<>();
        try (TarReader tar = new TarReader(
                new LayerStream(layer, subject, LIMITS.maxRatio()), subject, LIMITS.maxBytes(), LIMITS.maxEntries())) {
            for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
                String path = normalized(entry.name(), subject);
                int slash = path.lastIndexOf('/');
                String name = path.substring(slash + 1);
                String parent = slash < 0 ? "" : path.substring(0, slash);
                if (name.equals(OPAQUE)) {
                    opaqueHere.add(parent);
                } else if (name.startsWith(WHITEOUT)) {
                    String gone = name.substring(WHITEOUT.length());
                    endedHere.add(parent.isEmpty() ? gone : parent + "/" + gone);
                } else if (isWanted(path)) {
                    if (entry.kind() != TarEntry.Kind.DIRECTORY) {
                        endedHere.add(path);
                    }
                    here.add(path);
                    if (!isHidden(path) && entry.kind() != TarEntry.Kind.OTHER) {
                        visitor.visit(file(entry, path, subject), new TarContent(tar));
                    }
                }
            }
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
        shown.addAll(here);
        ended.addAll(endedHere);
        opaque.addAll(opaqueHere);
    }

    private boolean isWanted(String path) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    private boolean isHidden(String path) {
        if (shown.contains(path) || ended.contains(path)) {
            return true;
        }
        for (int at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
            String above = path.substring(0, at);
            if (ended.contains(above) || opaque.contains(above)) {
                return true;
            }
        }
        return opaque.contains("");
    }

    private static ImageFile file(TarEntry entry, String path, String subject) {
        return switch (entry.kind()) {
            case FILE -> new ImageFile(path, ImageFile.Kind.FILE, entry.mode(), entry.size(), "");
            case DIRECTORY -> new ImageFile(path, ImageFile.Kind.DIRECTORY, entry.mode(), 0, "");
            case SYMLINK -> new ImageFile(path, ImageFile.Kind.SYMLINK, entry.mode(), 0, entry.link());
            default ->
                new ImageFile(path, ImageFile.Kind.HARD_LINK, entry.mode(), 0, normalized(entry.link(), subject));
        };
    }

    private static String normalized(String name, String subject) {
        StringBuilder path = new StringBuilder();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw new FormatException(subject, "has a name that leads out of it: " + name);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return path.toString();
    }
}
