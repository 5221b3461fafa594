/** Who needs whom in a project, and pictures of it. Knows the specification and no file. */
@NullMarked
package dev.twoliter.core.internal.graph;

import org.jspecify.annotations.NullMarked;
