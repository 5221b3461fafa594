package dev.twoliter.core.internal.resolve.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Generated registries, small enough to try out everything. A failure names the seed. */
class NewestKitsPropertyTest {

    private static final int CASES = 20_000;

    private record Case(Shelf shelf, List<Wanted> wanted, Optional<SdkRule> rule) {}

    private static Case generate(long seed) {
        Random random = new Random(seed);
        int direct = 1 + random.nextInt(5);
        int hidden = random.nextInt(4);
        int versions = 1 + random.nextInt(5);
        int sdks = 1 + random.nextInt(3);
        double density = random.nextDouble();
        boolean labels = random.nextInt(4) == 0;
        boolean sameSdkMostly = random.nextBoolean();
        Shelf shelf = new Shelf();
        for (int kit = 0; kit < direct + hidden; kit++) {
            for (int version = 1; version <= versions; version++) {
                ImageDependency image = Shelf.image("k" + kit, version);
                if (random.nextInt(20) == 0) {
                    shelf.put(image, new Release.Unusable("it is broken"));
                    continue;
                }
                List<ImageDependency> needs = new ArrayList<>();
                for (int other = 0; other < direct + hidden; other++) {
                    if (random.nextDouble() * (direct + hidden) < density * (other == kit ? 0.2 : 1.5)) {
                        // Sometimes one that was never published.
                        int pinned = 1 + random.nextInt(versions + (random.nextInt(10) == 0 ? 1 : 0));
                        needs.add(Shelf.image("k" + other, other == kit && random.nextBoolean() ? version : pinned));
                    }
                }
                if (!needs.isEmpty() && random.nextInt(50) == 0) {
                    needs.add(Shelf.image(needs.get(0).name(), 1 + random.nextInt(versions)));
                }
                int sdk = sameSdkMostly && random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(sdks);
                Set<Integer> numbers = !labels
                        ? Set.of()
                        : switch (random.nextInt(5)) {
                            case 0 -> Set.of(1, 2);
                            case 1 -> Set.of(2, 3);
                            case 2 -> Set.of(1, 3);
                            case 3 -> Set.of(3);
                            default -> Set.of();
                        };
                shelf.put(image, new Release.Usable(needs, List.of(Shelf.image("sdk", sdk)), numbers));
            }
        }
        if (random.nextInt(10) == 0) {
            shelf.breakSdk(Shelf.image("sdk", 1));
        }
        List<Wanted> wanted = new ArrayList<>();
        for (int kit = 0; kit < direct; kit++) {
            List<SemVer> candidates = new ArrayList<>(shelf.versions("k" + kit));
            while (candidates.size() > 1 && random.nextInt(4) == 0) {
                candidates.remove(random.nextInt(candidates.size()));
            }
            wanted.add(new Wanted(Shelf.VENDOR, "k" + kit, candidates, "rule of k" + kit, random.nextBoolean()));
        }
        Optional<SdkRule> rule = random.nextInt(4) == 0
                ? Optional.of(new SdkRule(Shelf.image("sdk", 1 + random.nextInt(sdks)), random.nextBoolean()))
                : Optional.empty();
        return new Case(shelf, wanted, rule);
    }

    @Test
    void the_search_finds_exactly_what_trying_everything_finds() {
        int solved = 0;
        int held = 0;
        for (long seed = 0; seed < CASES; seed++) {
            Case one = generate(seed);
            Optional<List<ImageDependency>> expected = new BruteForce(one.wanted(), one.rule(), one.shelf()).newest();
            Optional<NewestKits> found = find(one);
            assertThat(found.map(NewestKits::named)).as("seed %d", seed).isEqualTo(expected);
            if (found.isPresent()) {
                solved++;
                held += found.get().held().size();
            }
        }
        // The generator must not drift into cases that are all alike.
        assertThat(solved).isBetween(CASES / 5, CASES * 4 / 5);
        assertThat(held).isGreaterThan(CASES / 10);
    }

    private static Optional<NewestKits> find(Case one) {
        try {
            return Optional.of(NewestKits.find(one.wanted(), one.rule(), one.shelf()));
        } catch (ResolutionException e) {
            assertThat(e.chains()).isNotEmpty().doesNotContain("").doesNotHaveDuplicates();
            return Optional.empty();
        }
    }

    @Test
    void nothing_is_read_twice() {
        for (long seed = 0; seed < 2_000; seed++) {
            Case one = generate(seed);
            find(one);
            assertThat(one.shelf().reads).as("seed %d", seed).doesNotHaveDuplicates();
        }
    }

    @Test
    void every_kit_that_is_held_back_has_reasons() {
        for (long seed = 0; seed < 5_000; seed++) {
            Case one = generate(seed);
            Optional<NewestKits> found = find(one);
            if (found.isPresent()) {
                for (NewestKits.Held held : found.get().held()) {
                    assertThat(held.because())
                            .as("seed %d", seed)
                            .isNotEmpty()
                            .doesNotContain("it does not fit together with the others");
                }
            }
        }
    }
}
