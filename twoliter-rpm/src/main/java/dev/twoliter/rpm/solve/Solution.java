package dev.twoliter.rpm.solve;

import java.util.Comparator;
import java.util.List;

/**
 * A set of packages that needs nothing outside of itself.
 *
 * @param packages sorted by {@link dev.twoliter.rpm.Nevra}
 */
public record Solution(List<Chosen> packages) {
    public Solution {
        packages = packages.stream()
                .sorted(Comparator.comparing(chosen -> chosen.pkg().nevra()))
                .toList();
    }
}
