/**
 * Package repositories: a directory with RPMs and, in {@code repodata}, their index as createrepo_c writes and dnf
 * reads it. {@code repomd.xml} names the metadata files with their checksums; <em>primary</em> holds what a solver
 * needs, <em>filelists</em> all paths, <em>other</em> the changelogs.
 */
@NullMarked
package dev.twoliter.rpm.repo;

import org.jspecify.annotations.NullMarked;
