/**
 * Files and model: Twoliter.toml, Twoliter.override, Twoliter.trust, Twoliter.lock, the Cargo.toml tables and package.toml
 * are read into, and written from, the specifications of {@link dev.twoliter.api}.
 *
 * <p>A <em>manifest</em> is the Cargo.toml of a package, kit or variant; its <em>crate name</em> is what Cargo calls it,
 * which is what dependencies refer to. A <em>dialect</em> is a form of Twoliter.toml.
 */
@NullMarked
package dev.twoliter.core.internal.project;

import org.jspecify.annotations.NullMarked;
