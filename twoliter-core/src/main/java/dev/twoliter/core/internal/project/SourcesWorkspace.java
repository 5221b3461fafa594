package dev.twoliter.core.internal.project;

import dev.twoliter.api.PackageSpec;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Cargo workspace {@code sources/} of a project's own Rust programs (seed-design.md, Directory Structure), with the
 * files that say which licences and crates its programs may have.
 */
final class SourcesWorkspace {

    static final String DIRECTORY = "sources/";
    static final String MANIFEST = DIRECTORY + "Cargo.toml";

    private static final String DENY = """
            # Which crates the programs below may be made of, as cargo-deny checks it.
            [licenses]
            version = 2
            confidence-threshold = 0.93
            allow = ["Apache-2.0", "MIT"]

            [bans]
            multiple-versions = "deny"
            wildcards = "deny"

            [sources]
            unknown-registry = "deny"
            unknown-git = "deny"
            """;

    /** The form: publishing.md 7.3. */
    private static final String CLARIFY = """
            # Licences of crates whose own statement does not settle it, for the attribution of an image. An entry names
            # the licence files that were read, with their xxHash32, so that a changed text is looked at again:
            #
            # [clarify.example]
            # expression = "MIT AND ISC"
            # license-files = [{ path = "LICENSE", hash = 0x12345678 }]
            """;

    private SourcesWorkspace() {}

    /** {@return the source groups that a package brings and that are Rust programs} */
    static List<String> members(PackageSpec p) {
        return p.sourceGroups().stream()
                .filter(group -> p.groupSources().containsKey(group + "/Cargo.toml"))
                .toList();
    }

    /** {@return the files of the workspace itself, by path relative to the project} */
    static Map<String, byte[]> files(Collection<String> members) {
        TomlText workspace = new TomlText().table("workspace").put("resolver", "2");
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(
                MANIFEST, bytes(workspace.lines("members", List.copyOf(members)).toString()));
        files.put(DIRECTORY + ".gitignore", bytes("/target/\n"));
        files.put(DIRECTORY + "clarify.toml", bytes(CLARIFY));
        files.put(DIRECTORY + "deny.toml", bytes(DENY));
        return files;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
