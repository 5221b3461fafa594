/**
 * The newest kits that fit together: a conflict-driven search over the versions that registries hold, and its reasons in
 * words. It knows no registry, only {@link dev.twoliter.core.internal.resolve.upgrade.Releases}.
 */
@NullMarked
package dev.twoliter.core.internal.resolve.upgrade;

import org.jspecify.annotations.NullMarked;
