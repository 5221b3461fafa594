/**
 * The {@code twoliter} command line: one small class a command, each a thin layer over the API. What goes to standard
 * output is the answer; progress and errors go to standard error. The commands are described in docs/cli.md.
 */
@NullMarked
package dev.twoliter.examples.cli;

import org.jspecify.annotations.NullMarked;
