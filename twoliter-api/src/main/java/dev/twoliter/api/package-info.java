/**
 * The nouns of a Bottlerocket project.
 *
 * <dl>
 *   <dt><dfn>project</dfn>
 *   <dd>A directory with a {@code Twoliter.toml}: packages, kits and variants that share one SDK and one release
 *       version. Described by {@link dev.twoliter.api.ProjectSpec}, worked on through {@link dev.twoliter.api.Project}.
 *   <dt><dfn>package</dfn>
 *   <dd>What becomes one or more RPMs: from a spec file in the SDK, or <dfn>declarative</dfn>, from a
 *       {@code package.toml} without any compiler.
 *   <dt><dfn>kit</dfn>
 *   <dd>A yum repository of RPMs inside a container image, one image an architecture and an index over them.
 *       <dfn>Local kits</dfn> are built in the project, <dfn>external kits</dfn> are pulled.
 *   <dt><dfn>SDK</dfn>
 *   <dd>The container image with the compilers. All kits of a build must have been made with the same one.
 *   <dt><dfn>variant</dfn>
 *   <dd>A bootable image: packages chosen from kits, laid out on a disk with a verified root.
 *   <dt><dfn>vendor</dfn>
 *   <dd>A name for a registry; kits and SDKs are named by vendor, name and version.
 *   <dt><dfn>lock</dfn>
 *   <dd>{@code Twoliter.lock}: the SDK and every kit that the project needs, directly or not, with digests.
 *   <dt><dfn>plan</dfn>
 *   <dd>The steps of a build with the hash of each step's inputs; making one changes nothing.
 *   <dt><dfn>engine</dfn>
 *   <dd>What carries out a step: {@code embedded} (in the JVM) does everything that needs no compiler.
 * </dl>
 */
@NullMarked
package dev.twoliter.api;

import org.jspecify.annotations.NullMarked;
