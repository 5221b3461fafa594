/**
 * Programs for UEFI firmware, which are PE files (Microsoft: PE Format). Glossary: a <em>section</em> is a part of the
 * file that is loaded to an address; its <em>raw data</em> are its bytes in the file, its <em>virtual size</em> is how
 * many of them count; the <em>certificate table</em> at the end of a file holds its Authenticode signatures; an
 * <em>identity</em> is a key with the certificates that lead from it to an authority.
 */
@NullMarked
package dev.twoliter.core.internal.boot.pe;

import org.jspecify.annotations.NullMarked;
