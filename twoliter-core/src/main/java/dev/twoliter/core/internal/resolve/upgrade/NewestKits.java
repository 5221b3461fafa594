package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest kits that fit together. A set fits when every kit in it agrees on every other kit and on one SDK. Of all that
 * fit the greatest is taken, compared kit by kit in the order of Twoliter.toml: the first kit is as new as it can be, the
 * second as new as it can be beside that, and so on. Immutable, thread-safe.
 *
 * @param named the version of every kit that the project names, in its order
 * @param sdk the SDK that they agree on; empty without kits
 * @param held the kits that could not get their newest candidate, and why
 */
public record NewestKits(List<ImageDependency> named, Optional<ImageDependency> sdk, List<Held> held) {

    /** Far beyond what kits that people make need; it keeps a hostile registry from occupying us for ever. */
    private static final int MOST_CONFLICTS = 200_000;

    /** To prove again what was found, and to look for fewer reasons. */
    private static final int MOST_CONFLICTS_TO_EXPLAIN = 5_000;

    /**
     * A kit that did not get its newest candidate. Immutable.
     *
     * @param kit the kit
     * @param chosen what it got
     * @param newest what it did not get
     * @param because the reasons, one clause each, at least one
     */
    public record Held(Wanted kit, SemVer chosen, SemVer newest, List<String> because) {
        public Held {
            because = List.copyOf(because);
        }
    }

    public NewestKits {
        named = List.copyOf(named);
        held = List.copyOf(held);
    }

    /**
     * Finds them.
     *
     * @param wanted what the project names, in its order; each has a candidate
     * @param rule the SDK that it names
     * @param releases what is published
     * @return the newest kits that fit together
     * @throws ResolutionException with the reasons when none fit together
     */
    public static NewestKits find(List<Wanted> wanted, Optional<SdkRule> rule, Releases releases) {
        Seen seen = new Seen(releases);
        Search.Outcome outcome = new Search(wanted, rule, seen, MOST_CONFLICTS).run();
        if (outcome instanceof Search.Found found) {
            return new NewestKits(found.named(), found.sdk(), held(wanted, rule, seen.only(), found));
        }
        if (outcome instanceof Search.Refuted refuted) {
            List<String> because =
                    new Explainer(wanted, rule, seen.only(), Map.of(), budget()).because(-1, refuted.proof());
            throw new ResolutionException(
                    "no kits fit together: " + Reasons.joined(because),
                    "Widen a requirement or change a version in Twoliter.toml, or wait for releases that agree.",
                    because);
        }
        throw new ResolutionException(
                "gave up the search for kits that fit together after " + MOST_CONFLICTS + " conflicts",
                "Write exact versions for some kits in Twoliter.toml.",
                List.of());
    }

    private static int[] budget() {
        return new int[] {MOST_CONFLICTS_TO_EXPLAIN};
    }

    private static List<Held> held(List<Wanted> wanted, Optional<SdkRule> rule, Releases seen, Search.Found found) {
        Map<Wanted, SemVer> chosen = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            chosen.put(wanted.get(i), found.named().get(i).version());
        }
        List<Held> held = new ArrayList<>();
        int[] budget = budget();
        for (int i = 0; i < wanted.size(); i++) {
            Wanted kit = wanted.get(i);
            SemVer newest = kit.candidates().get(0);
            SemVer got = found.named().get(i).version();
            if (!got.equals(newest)) {
                List<String> because = new Explainer(wanted, rule, seen, chosen, budget).because(i, null);
                held.add(new Held(kit, got, newest, because));
            }
        }
        return held;
    }

    /** What has been read, so that an explanation costs nothing more. */
    private static final class Seen implements Releases {
        private final Releases source;
        private final Map<ImageDependency, Release> kits = new HashMap<>();
        private final Map<ImageDependency, Release> sdks = new HashMap<>();

        Seen(Releases source) {
            this.source = source;
        }

        @Override
        public Release kit(ImageDependency kit) {
            return kits.computeIfAbsent(kit, source::kit);
        }

        @Override
        public Release sdk(ImageDependency sdk) {
            return sdks.computeIfAbsent(sdk, source::sdk);
        }

        @Override
        public void expect(List<ImageDependency> expected) {
            source.expect(expected);
        }

        /** Nothing is known of what has not been read: so it stands in nobody's way, and no proof rests on it. */
        Releases only() {
            Release unknown = new Release.Usable(List.of(), List.of(), Set.of());
            return new Releases() {
                @Override
                public Release kit(ImageDependency kit) {
                    return kits.getOrDefault(kit, unknown);
                }

                @Override
                public Release sdk(ImageDependency sdk) {
                    return sdks.getOrDefault(sdk, unknown);
                }
            };
        }
    }

    /**
     * Looks for few reasons: leaves out one kit after the other as long as there is still no answer. What is left cannot
     * be made any smaller.
     */
    private record Explainer(
            List<Wanted> wanted, Optional<SdkRule> rule, Releases seen, Map<Wanted, SemVer> chosen, int[] budget) {

        /** What is assumed: kits, in their order, and the SDK. */
        private record Assumed(List<Wanted> kits, Optional<SdkRule> rule) {
            Assumed without(Wanted kit) {
                return new Assumed(
                        kits.stream().filter(one -> !one.isSameKit(kit)).toList(), rule);
            }

            Assumed with(Wanted kit) {
                return new Assumed(
                        kits.stream().map(one -> one.isSameKit(kit) ? kit : one).toList(), rule);
            }
        }

        /**
         * Says why the newest candidate of a kit does not fit beside those that come before it, or with -1, why nothing
         * fits.
         */
        List<String> because(int held, @Nullable Incompatibility known) {
            List<Wanted> kits = new ArrayList<>();
            for (int i = 0; i < wanted.size(); i++) {
                Wanted kit = wanted.get(i);
                SemVer version = chosen.get(kit);
                if (i == held) {
                    kits.add(kit.only(kit.candidates().get(0), ""));
                } else if (i < held && version != null && kit.candidates().size() > 1) {
                    kits.add(kit.only(version, kit.name() + " comes first in Twoliter.toml"));
                } else {
                    kits.add(kit);
                }
            }
            Assumed assumed = new Assumed(kits, rule);
            Optional<Incompatibility> proof =
                    Optional.ofNullable(known).or(() -> refute(new Assumed(kits, rule), MOST_CONFLICTS_TO_EXPLAIN));
            if (proof.isEmpty()) {
                return List.of("it does not fit together with the others");
            }
            Reasons reasons = new Reasons(proof.get());
            for (Wanted kit : kits) {
                if (!reasons.names(kit)) {
                    assumed = assumed.without(kit);
                } else if (held < 0 || !kit.isSameKit(wanted.get(held))) {
                    Wanted free = wanted.stream()
                            .filter(one -> one.isSameKit(kit))
                            .findFirst()
                            .orElseThrow();
                    if (budget[0] <= 0) {
                        continue;
                    }
                    for (Assumed fewer : List.of(assumed.without(kit), assumed.with(free))) {
                        Optional<Incompatibility> shorter =
                                fewer.equals(assumed) ? Optional.empty() : refute(fewer, budget[0]);
                        if (shorter.isPresent()) {
                            assumed = fewer;
                            reasons = new Reasons(shorter.get());
                            break;
                        }
                    }
                }
            }
            if (rule.isPresent() && budget[0] > 0) {
                Optional<Incompatibility> shorter = refute(new Assumed(assumed.kits(), Optional.empty()), budget[0]);
                reasons = shorter.map(Reasons::new).orElse(reasons);
            }
            List<Wanted> order = new ArrayList<>(wanted);
            if (held > 0) {
                order.add(0, order.remove(held));
            }
            return reasons.inWords(order);
        }

        private Optional<Incompatibility> refute(Assumed assumed, int mostConflicts) {
            Search search = new Search(assumed.kits(), assumed.rule(), seen, mostConflicts);
            Search.Outcome outcome = search.run();
            budget[0] -= search.conflicts();
            return outcome instanceof Search.Refuted refuted ? Optional.of(refuted.proof()) : Optional.empty();
        }
    }
}
