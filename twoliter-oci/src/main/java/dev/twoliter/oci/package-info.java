/**
 * The OCI formats as a library of its own.
 *
 * <dl>
 *   <dt><dfn>store</dfn>
 *   <dd>A registry, or a tree of OCI image layouts on disk: {@link dev.twoliter.oci.ImageStore}.
 *   <dt><dfn>repository</dfn>
 *   <dd>One name in a store: manifests by tag and digest, blobs by digest.
 *   <dt><dfn>mirror</dfn>
 *   <dd>A registry that has copies of what another one has, and is asked first: {@link
 *       dev.twoliter.oci.StoreOptions.Builder#mirrors}.
 *   <dt><dfn>mount</dfn>
 *   <dd>To take a blob over from another repository of a store without moving its bytes.
 *   <dt><dfn>credentials</dfn>
 *   <dd>What proves to a registry who we are: {@link dev.twoliter.oci.RegistryCredential}.
 *   <dt><dfn>descriptor</dfn>
 *   <dd>Type, digest and size of some content.
 *   <dt><dfn>manifest</dfn>
 *   <dd>One image: a configuration and layers. <dfn>Index</dfn>: one image for each platform.
 *   <dt><dfn>signature</dfn>
 *   <dd>A text that approves a manifest by its digest, signed with somebody's key, kept beside the image.
 *   <dt><dfn>referrer</dfn>
 *   <dd>A manifest that has another one as its subject, such as a signature.
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
