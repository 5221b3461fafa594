package dev.twoliter.oci.internal.jib;

import java.nio.file.Path;

/**
 * A file that goes into a layer.
 *
 * @param source where its content is
 * @param executable whether its mode is 0755 rather than 0644
 */
public record LayerFile(Path source, boolean executable) {}
