/**
 * Secure Boot with keys of the maintainers' own (variant-image.md 4). Glossary: <em>PK</em>, <em>KEK</em> and
 * <em>db</em> are the certificates that firmware is told to trust, each allowing changes to the next one, the last one
 * for programs; <em>vendor</em> is the certificate that the shim trusts; <em>shim-sign</em>, issued by db, signs the
 * shim; <em>code-sign</em>, issued by vendor, signs GRUB and the kernel; <em>uki-sign</em>, issued by db, signs unified kernel images; <em>config-sign</em> is the OpenPGP key that
 * signs GRUB's configuration; a <em>profile</em> is the directory that holds them all.
 */
@NullMarked
package dev.twoliter.core.internal.boot.secure;

import org.jspecify.annotations.NullMarked;
