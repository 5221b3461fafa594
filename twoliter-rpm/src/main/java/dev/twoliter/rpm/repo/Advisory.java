package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.Evr;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A security advisory: which versions of which packages fix what. {@link RepoWriter} writes advisories to {@code
 * updateinfo.xml}, which {@code dnf updateinfo} shows. Immutable, thread-safe.
 *
 * @param id such as {@code BRSA-abc123def456}, unique in a repository
 * @param title one line
 * @param severity how bad it is
 * @param description may be empty
 * @param issued when it was published
 * @param author may be empty
 * @param references identifiers such as {@code CVE-2026-12345} or {@code GHSA-23cf-gh4j-mpqr}
 * @param fixes the fixed packages
 */
public record Advisory(
        String id,
        String title,
        Severity severity,
        String description,
        Instant issued,
        String author,
        List<String> references,
        List<Fix> fixes) {

    public Advisory {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(issued, "issued");
        Objects.requireNonNull(author, "author");
        references = List.copyOf(references);
        fixes = List.copyOf(fixes);
        if (id.isBlank()) {
            throw new IllegalArgumentException("an advisory needs an id");
        }
    }

    /** How bad a problem is; Bottlerocket's {@code medium} is {@link #MODERATE}, its {@code high} {@link #IMPORTANT}. */
    public enum Severity {
        LOW("Low"),
        MODERATE("Moderate"),
        IMPORTANT("Important"),
        CRITICAL("Critical");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** {@return the word that dnf knows} */
        public String word() {
            return word;
        }
    }

    /**
     * A package that is fixed from a version on.
     *
     * @param name the package
     * @param evr the first version without the problem; without a release every release of it counts
     * @param arch such as {@code x86_64}
     */
    public record Fix(String name, Evr evr, String arch) {
        public Fix {
            Objects.requireNonNull(evr, "evr");
            if (name.isBlank() || arch.isBlank()) {
                throw new IllegalArgumentException("a fixed package needs a name and an architecture");
            }
        }
    }
}
