/** Writes databases in the format of SQLite. */
@NullMarked
package dev.twoliter.rpm.internal.sqlite;

import org.jspecify.annotations.NullMarked;
