/**
 * What a machine reads between its firmware and the root file system. Everything here is a value, made from a root tree
 * and settings, that a disk writer puts into partitions. Glossary: <em>EFI partition</em>, where UEFI firmware finds its
 * first program; <em>boot partition</em>, with the kernel and GRUB's configuration; <em>boot code</em> and <em>core</em>,
 * what a BIOS runs instead; <em>bootconfig</em>, settings of kernel and init that follow an initrd; <em>private
 * partition</em>, which holds the machine's own bootconfig.
 */
@NullMarked
package dev.twoliter.core.internal.boot;

import org.jspecify.annotations.NullMarked;
