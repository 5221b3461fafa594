/**
 * qcow2 images, version 3, as QEMU takes them (docs/interop/qcow2.txt of QEMU 7.2). Glossary: a <em>cluster</em> is the
 * unit of allocation, 64 KiB here; an <em>L2 table</em> says where the clusters of a part of the disk lie, the <em>L1
 * table</em> where the L2 tables do; a <em>refcount</em> is how often a cluster of the file is in use.
 */
@NullMarked
package dev.twoliter.core.internal.disk.qcow2;

import org.jspecify.annotations.NullMarked;
