package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.LockedImage;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One published version of a kit. Immutable, thread-safe.
 *
 * @param locked what a lock says of it
 * @param label what it says of itself: its SDK and the kits that it needs
 * @param labelNumbers the numbers of the labels that say so, which stand for what is inside its RPMs (newer-twoliter.md
 *     3); empty where a metadata image says it, which has no number
 */
public record KitRelease(LockedImage locked, KitLabel label, SortedSet<Integer> labelNumbers) {
    public KitRelease {
        labelNumbers = Collections.unmodifiableSortedSet(new TreeSet<>(labelNumbers));
    }
}
