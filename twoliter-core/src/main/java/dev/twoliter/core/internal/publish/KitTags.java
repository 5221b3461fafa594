package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Arch;

/** The tags of a release (formats.md, section 2). */
record KitTags(String version, String buildId) {

    /** {@return the tag of one architecture's image} */
    String image(Arch arch) {
        return "v" + version + "-" + buildId + "-" + arch;
    }

    /** {@return the tag of the index, under which the kit is locked} */
    String index() {
        return "v" + version;
    }

    /** {@return the tag of the design's metadata image} */
    String metadata() {
        return index() + "-metadata";
    }
}
