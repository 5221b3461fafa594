/**
 * RPM packages, version 4 of the format: reading, writing, unpacking, signing and verifying, without any program of
 * the host.
 *
 * <p>Glossary. A package file is a <em>lead</em> (96 bytes, history), a <em>signature header</em> (digests and
 * signatures), a <em>header</em> (everything one knows of the package, as numbered {@linkplain dev.twoliter.rpm.RpmTag
 * tags}) and a <em>payload</em> (a compressed cpio archive of the files). An <em>EVR</em> is epoch, version and
 * release; a <em>NEVRA</em> adds name and architecture. A <em>relation</em> is what a package requires, provides,
 * conflicts with and so on.
 */
@NullMarked
package dev.twoliter.rpm;

import org.jspecify.annotations.NullMarked;
