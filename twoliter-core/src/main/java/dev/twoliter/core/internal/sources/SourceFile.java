package dev.twoliter.core.internal.sources;

import dev.twoliter.api.Digest;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.PackageSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A source of a package. Immutable, thread-safe.
 *
 * @param packageName whose
 * @param packageDirectory where a copy may lie, as upstream's tools put it there
 * @param file what the manifest says of it
 */
public record SourceFile(String packageName, Path packageDirectory, ExternalFile file) {

    /**
     * Lists the sources of a package.
     *
     * @param spec the package
     * @param packageDirectory its directory
     * @return each once, in the manifest's order, also where it is listed again for another bundle
     */
    public static List<SourceFile> of(PackageSpec spec, Path packageDirectory) {
        List<SourceFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ExternalFile file : spec.externalFiles()) {
            // Two entries of one name have one digest: the specification was checked.
            if (names.add(file.name())) {
                files.add(new SourceFile(spec.name(), packageDirectory, file));
            }
        }
        return files;
    }

    /** {@return its name in the package and in lookaside caches} */
    public String name() {
        return file.name();
    }

    /** {@return its SHA-512} */
    public Digest digest() {
        return new Digest("sha512", file.sha512());
    }

    URI url() {
        return URI.create(file.url());
    }

    @Override
    public String toString() {
        return name() + " of package " + packageName;
    }
}
