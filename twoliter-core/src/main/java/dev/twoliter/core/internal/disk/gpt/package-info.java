/**
 * The GUID Partition Table, as UEFI specification 2.10 chapter 5 has it, with sectors of 512 bytes. Glossary: an
 * <em>LBA</em> is the number of a sector; the <em>type</em> GUID says what a partition is for, the <em>unique</em> GUID
 * which one it is; a <em>label</em> is the partition's name.
 */
@NullMarked
package dev.twoliter.core.internal.disk.gpt;

import org.jspecify.annotations.NullMarked;
