/**
 * VMDK images of the kind {@code streamOptimized}, which OVA files hold (VMware's Virtual Disk Format 5.0). Glossary: a
 * <em>grain</em> is the unit of compression, 64 KiB; a <em>grain table</em> says where 512 grains lie, the <em>grain
 * directory</em> where the tables do; a <em>marker</em> is a sector that says what follows it.
 */
@NullMarked
package dev.twoliter.core.internal.disk.vmdk;

import org.jspecify.annotations.NullMarked;
