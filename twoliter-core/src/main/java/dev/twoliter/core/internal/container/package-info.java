/** Assembles the twoliter container: the SDK with a layer of tools on top (seed design, "Twoliter Container"). */
@NullMarked
package dev.twoliter.core.internal.container;

import org.jspecify.annotations.NullMarked;
