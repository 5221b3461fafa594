package dev.twoliter.api;

/** What a {@link ProjectGraph} is drawn as. */
public enum GraphFormat {
    /** Tables for a terminal: who needs whom directly. */
    TEXT,
    /** Graphviz, with every direct need. */
    DOT,
    /** A Mermaid flowchart, without the needs that follow from others. */
    MERMAID,
    /** A picture as an SVG document, without the needs that follow from others. */
    SVG,
    /** The lists of what each package, kit and variant needs (formats.md 5). */
    JSON
}
