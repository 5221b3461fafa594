/**
 * FAT12, FAT16 and FAT32 with long names, the file system of the EFI system partition (Microsoft's FAT32 File System
 * Specification 1.03; sizes as mkfs.fat of dosfstools 4.2 chooses them). Glossary: a <em>cluster</em> is the unit of
 * allocation, numbered from 2 on; a <em>chain</em> is a file's clusters, each of which names the next in the table; a
 * <em>short name</em> has eight and three upper-case characters, a <em>long</em> one is spread over extra entries.
 */
@NullMarked
package dev.twoliter.core.internal.disk.fat;

import org.jspecify.annotations.NullMarked;
