package dev.twoliter.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who needs whom among the packages, kits and variants of a project (project-formats.md 4.9). It has no circles.
 *
 * <pre>{@code
 * ProjectGraph graph = project.graph();
 * List<String> contents = graph.kits().get("core-kit").packages();
 * Files.writeString(Path.of("systemd.svg"), graph.neededBy("systemd").draw(GraphFormat.SVG));
 * }</pre>
 *
 * Not for implementing by users. Immutable, thread-safe.
 */
public interface ProjectGraph {

    /** {@return what each package needs, by the package's name} */
    Map<String, Needs> packages();

    /** {@return what each local kit needs, by the kit's name; its packages are what it holds} */
    Map<String, Needs> kits();

    /** {@return what each variant needs, by the variant's name} */
    Map<String, Needs> variants();

    /**
     * {@return the external kits as {@code VENDOR/NAME}, which every build gets: those of the lock in its order, without
     * a lock those that Twoliter.toml names}
     */
    List<String> externalKits();

    /** {@return who names whom in a manifest; packages first, then kits, then variants, by name} */
    List<Edge> edges();

    /**
     * Cuts out one part: a package, kit or variant with everything that it needs, directly or not.
     *
     * @param name its name; a kit and a variant of one name are both taken
     * @return the part; its lists are those of the whole
     * @throws InvalidProjectException if there is nothing of that name
     */
    ProjectGraph of(String name);

    /**
     * Cuts out one part: a package or kit with everything that needs it, directly or not.
     *
     * @param name its name
     * @return the part; its lists are those of the whole
     * @throws InvalidProjectException if there is nothing of that name
     */
    ProjectGraph neededBy(String name);

    /**
     * {@return the graph as text, with lines ended by LF; the same for the same graph}
     *
     * @param format what to draw
     * @throws InvalidProjectException if the graph is too large for a picture
     */
    String draw(GraphFormat format);

    /** What can need and be needed. */
    enum Kind {
        PACKAGE,
        KIT,
        VARIANT
    }

    /** When something is needed. */
    enum When {
        /** For its build, {@code [build-dependencies]}. */
        BUILD,
        /** Beside it on a machine, {@code [dependencies]}. */
        RUN
    }

    /**
     * A package, kit or variant. Packages and kits share one name space; a variant may have the name of either.
     *
     * @param kind which of the three
     * @param name its name
     */
    record Node(Kind kind, String name) {
        public Node {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * One direct need.
     *
     * @param from who needs
     * @param to who is needed: a package or kit
     * @param when for what
     */
    record Edge(Node from, Node to, When when) {
        public Edge {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(when, "when");
        }
    }

    /**
     * What one build gets from the project, directly or not.
     *
     * @param packages the packages, by name: those needed for its build and whatever these need, but never through a
     *     kit; for a kit, its contents
     * @param kits the local kits, by name: all that can be reached, through packages and kits
     */
    record Needs(List<String> packages, List<String> kits) {
        public Needs {
            packages = List.copyOf(packages);
            kits = List.copyOf(kits);
        }
    }
}
