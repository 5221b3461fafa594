/**
 * The quick start: start reading at {@link dev.twoliter.examples.QuickStart}. The other classes are its helpers.
 */
@NullMarked
package dev.twoliter.examples;

import org.jspecify.annotations.NullMarked;
