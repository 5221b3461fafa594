package dev.twoliter.core.internal.sources;

import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.PackageSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Go modules that a source needs, to be bundled in the SDK as its manifest asks for (project-formats.md 5.3): what
 * goes in, what is run, and a key that says when it need not be run. Immutable, thread-safe.
 *
 * @param archive the source
 */
public record GoModules(SourceFile archive) {

    private static final String GO = "go";

    /** What decides where modules come from, and who may be asked about them. */
    private static final List<String> GO_VARIABLES = List.of("GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB");

    private static final List<String> PROXY_VARIABLES =
            List.of("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY");

    /**
     * Arguments: the archive, the module's directory in it (empty for the first that it lists), the bundle. Works in an
     * empty directory. The bundle's bytes depend on nothing but the modules: no times, owners or order of a file system.
     */
    private static final String SCRIPT = """
            set -euo pipefail
            archive=$1 root=$2 bundle=$3
            if [ -z "$root" ]; then
              root=$(tar -tf "$archive" | sed -n '1{s|^\\./||;s|/.*||;p}')
            fi
            tar -xf "$archive" --no-same-owner
            if [ -z "$root" ] || [ ! -f "$root/go.mod" ]; then
              echo "there is no go.mod in '$root' of $archive: name its directory as bundle-root-path" >&2
              exit 1
            fi
            (cd "$root" && go list -mod=readonly ./... >/dev/null && go mod vendor && mkdir -p vendor)
            tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \\
              -cf - "$root/vendor" | gzip -9 -n >"$bundle"
            """;

    /**
     * Lists the bundles of a package.
     *
     * @param spec the package
     * @param packageDirectory its directory
     * @return in the manifest's order
     */
    public static List<GoModules> of(PackageSpec spec, Path packageDirectory) {
        return spec.externalFiles().stream()
                .filter(file -> file.bundleModules().contains(GO))
                .map(file -> new GoModules(new SourceFile(spec.name(), packageDirectory, file)))
                .toList();
    }

    /** {@return what the bundle is called among the package's sources} */
    public String name() {
        return archive.file().bundleName();
    }

    /** {@return the module's directory in the archive; empty for the first that it lists} */
    public Optional<String> root() {
        ExternalFile file = archive.file();
        return Optional.ofNullable(file.bundleRootPathOrNull()).map(root -> root.replaceFirst("/+$", ""));
    }

    /**
     * {@return what the bundle follows from, hashed: the SDK, the archive, the module's directory and the script} Proxies
     * do not count: what they give is held against the archive's own {@code go.sum}.
     *
     * @param sdk the digest of the SDK's image, whose go is used
     */
    public Digest key(Digest sdk) {
        String inputs =
                String.join("\n", "go modules", sdk.toString(), archive.digest().toString(), root().orElse(""), SCRIPT);
        return Digest.ofBytes(inputs.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * {@return what is run in the SDK, in an empty working directory, with a network}
     *
     * @param archiveFile the verified archive, as the container sees it
     * @param bundle the file to make, as the container sees it
     */
    public List<String> command(Path archiveFile, Path bundle) {
        return List.of(
                "bash", "-c", SCRIPT, "go-modules", archiveFile.toString(), root().orElse(""), bundle.toString());
    }

    /**
     * {@return the variables that it needs: those of Go and of proxies that are set here, and where Go may keep things}
     *
     * @param environment what is set here
     * @param scratch a directory that the container's user may write to, as the container sees it; what it holds can be
     *     kept for the next time
     */
    public static Map<String, String> environment(Environment environment, Path scratch) {
        Map<String, String> variables = new TreeMap<>();
        GO_VARIABLES.forEach(name -> environment.variable(name).ifPresent(value -> variables.put(name, value)));
        PROXY_VARIABLES.forEach(name -> environment.variable(name).ifPresent(value -> variables.put(name, value)));
        variables.put("GOPATH", scratch.resolve("go").toString());
        variables.put("GOCACHE", scratch.resolve("go-build").toString());
        variables.put("HOME", scratch.toString());
        return variables;
    }
}
