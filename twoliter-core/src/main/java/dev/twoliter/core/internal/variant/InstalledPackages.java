package dev.twoliter.core.internal.variant;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.io.Json;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.Loser;
import dev.twoliter.rpm.solve.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The packages of a variant and the kit that each came from: {@code installed-packages.txt}, what {@code dnf list
 * installed} shows, and {@code installed-packages.json}. Immutable, thread-safe.
 *
 * @param packages by name
 */
record InstalledPackages(List<Installed> packages) {

    /**
     * One package.
     *
     * @param pkg what the repository says of it
     * @param kit the repository it came from
     * @param because why it is there
     * @param losers what could have stood in its place
     * @param file the RPM
     */
    record Installed(RepoPackage pkg, String kit, Reason because, List<Loser> losers, Path file) {}

    InstalledPackages {
        packages = List.copyOf(packages);
    }

    /** Refuses RPMs that are not what their repository says, before anything in them is looked at. */
    void verify(CancellationToken cancellation) {
        for (Installed one : packages) {
            cancellation.throwIfRequested();
            Results.requireSame(one.file(), one.pkg().sha256(), Hashing.sha256(one.file()));
        }
    }

    void writeTo(Path directory) {
        StringBuilder text = new StringBuilder();
        ArrayNode json = Json.MAPPER.createArrayNode();
        for (Installed one : packages) {
            Evr evr = one.pkg().nevra().evr();
            String arch = one.pkg().nevra().arch();
            text.append(
                    String.format(Locale.ROOT, "%-56s %-40s @%s%n", one.pkg().name() + "." + arch, evr, one.kit())
                            .replace(System.lineSeparator(), "\n"));
            json.addObject()
                    .put("name", one.pkg().name())
                    .put("arch", arch)
                    .put("epoch", evr.epoch())
                    .put("version", evr.version())
                    .put("release", evr.release())
                    .put("kit", one.kit())
                    .put("because", one.because().toString());
        }
        AtomicFiles.write(
                directory.resolve("installed-packages.txt"), text.toString().getBytes(StandardCharsets.UTF_8));
        Json.write(directory.resolve("installed-packages.json"), json);
    }
}
