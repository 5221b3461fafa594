/** Files that appear complete or not at all. */
@NullMarked
package dev.twoliter.rpm.internal.io;

import org.jspecify.annotations.NullMarked;
