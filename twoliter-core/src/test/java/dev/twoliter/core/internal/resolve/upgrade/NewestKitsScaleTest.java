package dev.twoliter.core.internal.resolve.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.ResolutionException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Time is measured by {@link NewestKitsBenchmark}; here the work is counted, which is the same on every machine. */
class NewestKitsScaleTest {

    private static final int MOST_CONFLICTS = 2_500;

    @Test
    void forty_kits_with_two_hundred_versions_each_take_few_conflicts() {
        for (Map.Entry<String, LargeRegistries.Large> entry :
                LargeRegistries.all().entrySet()) {
            String name = entry.getKey();
            LargeRegistries.Large large = entry.getValue();
            Search search = new Search(large.wanted(), Optional.empty(), large.shelf(), MOST_CONFLICTS);

            Search.Outcome outcome = search.run();

            assertThat(outcome).as(name).isNotInstanceOf(Search.Undecided.class);
            large.solvable()
                    .ifPresent(known ->
                            assertThat(outcome instanceof Search.Found).as(name).isEqualTo(known));
            if (outcome instanceof Search.Found found) {
                assertThat(new BruteForce(large.wanted(), Optional.empty(), large.shelf()).fits(found.named()))
                        .as(name)
                        .isTrue();
            }
        }
    }

    @Test
    void every_outcome_has_its_reasons() {
        for (Map.Entry<String, LargeRegistries.Large> entry :
                LargeRegistries.all().entrySet()) {
            LargeRegistries.Large large = entry.getValue();
            try {
                assertThat(NewestKits.find(large.wanted(), Optional.empty(), large.shelf())
                                .held())
                        .as(entry.getKey())
                        .allSatisfy(held -> assertThat(held.because()).isNotEmpty());
            } catch (ResolutionException e) {
                assertThat(e.chains()).as(entry.getKey()).isNotEmpty();
            }
        }
    }
}
