/** Where the rooms meet: the project as callers see it, and who does which task. */
@NullMarked
package dev.twoliter.core.internal;

import org.jspecify.annotations.NullMarked;
