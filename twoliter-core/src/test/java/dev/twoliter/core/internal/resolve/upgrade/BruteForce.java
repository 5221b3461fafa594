package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.SemVer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The definition of the newest kits that fit together, tried out word for word. */
final class BruteForce {

    private final List<Wanted> wanted;
    private final Optional<SdkRule> rule;
    private final Shelf shelf;

    BruteForce(List<Wanted> wanted, Optional<SdkRule> rule, Shelf shelf) {
        this.wanted = wanted;
        this.rule = rule;
        this.shelf = shelf;
    }

    Optional<List<ImageDependency>> newest() {
        return newest(new ArrayList<>());
    }

    private Optional<List<ImageDependency>> newest(List<ImageDependency> chosen) {
        if (chosen.size() == wanted.size()) {
            return fits(chosen) ? Optional.of(List.copyOf(chosen)) : Optional.empty();
        }
        Wanted kit = wanted.get(chosen.size());
        for (SemVer version : kit.candidates()) {
            chosen.add(kit.at(version));
            Optional<List<ImageDependency>> found = newest(chosen);
            if (found.isPresent()) {
                return found;
            }
            chosen.remove(chosen.size() - 1);
        }
        return Optional.empty();
    }

    boolean fits(List<ImageDependency> chosen) {
        Map<String, ImageDependency> set = new HashMap<>();
        Deque<ImageDependency> open = new ArrayDeque<>(chosen);
        ImageDependency sdk = null;
        Set<Integer> labels = new TreeSet<>(List.of(1, 2, 3, 4));
        while (!open.isEmpty()) {
            ImageDependency kit = open.remove();
            ImageDependency before = set.putIfAbsent(kit.name(), kit);
            if (before != null) {
                if (!before.equals(kit)) {
                    return false;
                }
                continue;
            }
            if (!(shelf.look(kit) instanceof Release.Usable release)) {
                return false;
            }
            ImageDependency needed = release.sdk().get(0);
            if ((sdk != null && !sdk.equals(needed))
                    || shelf.isBad(needed)
                    || rule.filter(r -> !r.allows(needed)).isPresent()) {
                return false;
            }
            sdk = needed;
            if (!release.labels().isEmpty()) {
                labels.retainAll(release.labels());
            }
            open.addAll(release.needs());
        }
        return !labels.isEmpty();
    }
}
