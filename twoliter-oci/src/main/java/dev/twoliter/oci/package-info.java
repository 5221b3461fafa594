/**
 * The OCI formats as a library of its own.
 *
 * <dl>
 *   <dt><dfn>store</dfn>
 *   <dd>A registry, or a tree of OCI image layouts on disk: {@link dev.twoliter.oci.ImageStore}.
 *   <dt><dfn>repository</dfn>
 *   <dd>One name in a store: manifests by tag and digest, blobs by digest.
 *   <dt><dfn>descriptor</dfn>
 *   <dd>Type, digest and size of some content.
 *   <dt><dfn>manifest</dfn>
 *   <dd>One image: a configuration and layers. <dfn>Index</dfn>: one image for each platform.
 *   <dt><dfn>platform</dfn>
 *   <dd>What an image runs on; an index has one image for each: {@link dev.twoliter.oci.ImageIndex#with}.
 *   <dt><dfn>archive</dfn>
 *   <dd>A layout in a tar: {@link dev.twoliter.oci.OciArchive}.
 *   <dt><dfn>base</dfn>
 *   <dd>An image that another is put on top of: {@link dev.twoliter.oci.ImageOnBase}.
 *   <dt><dfn>diff id</dfn>
 *   <dd>The digest of a layer's tar before compression; a plain layer's own digest.
 * </dl>
 */
@NullMarked
package dev.twoliter.oci;

import org.jspecify.annotations.NullMarked;
