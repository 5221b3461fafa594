package dev.twoliter.core.internal.resolve.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The explanations, word for word. */
class ReasonsTest {

    private final Shelf shelf = new Shelf();

    private List<Wanted> all(String... kits) {
        return List.of(kits).stream().map(shelf::any).toList();
    }

    private static List<String> held(NewestKits found) {
        return found.held().stream()
                .map(one -> one.kit().name() + " " + one.chosen() + " < " + one.newest() + ": "
                        + String.join("; ", one.because()))
                .toList();
    }

    private List<String> held(List<Wanted> wanted) {
        return held(NewestKits.find(wanted, Optional.empty(), shelf));
    }

    private List<String> refused(List<Wanted> wanted, Optional<SdkRule> rule) {
        return catchThrowableOfType(ResolutionException.class, () -> NewestKits.find(wanted, rule, shelf))
                .chains();
    }

    @Test
    void two_kits_that_need_different_sdks() {
        shelf.put("core-kit", "13.2.0", "0.72.0").put("core-kit", "13.1.0", "0.70.0");
        shelf.put("kernel-kit", "5.1.0", "0.70.0").put("kernel-kit", "5.0.0", "0.70.0");

        assertThat(held(all("core-kit", "kernel-kit")))
                .containsExactly("core-kit 13.1.0 < 13.2.0: core-kit 13.2.0 needs SDK sdk 0.72.0; "
                        + "kernel-kit 5.0.0 and 5.1.0 need SDK sdk 0.70.0");
    }

    @Test
    void the_kit_that_comes_first_goes_first() {
        shelf.put("core-kit", "2.0.0", "0.72.0").put("core-kit", "1.0.0", "0.70.0");
        shelf.put("kernel-kit", "2.0.0", "0.70.0").put("kernel-kit", "1.0.0", "0.72.0");

        assertThat(held(all("core-kit", "kernel-kit")))
                .containsExactly("kernel-kit 1.0.0 < 2.0.0: kernel-kit 2.0.0 needs SDK sdk 0.70.0; "
                        + "core-kit 2.0.0 needs SDK sdk 0.72.0; core-kit comes first in Twoliter.toml");
    }

    @Test
    void kits_that_pin_different_versions_of_a_third_one_two_steps_away() {
        shelf.put("app-kit", "2.0.0", "1.0.0", "mid-kit 2.0.0").put("app-kit", "1.0.0", "1.0.0", "mid-kit 1.0.0");
        shelf.put("mid-kit", "2.0.0", "1.0.0", "base-kit 3.0.0").put("mid-kit", "1.0.0", "1.0.0", "base-kit 2.0.0");
        shelf.put("web-kit", "1.0.0", "1.0.0", "base-kit 2.0.0");
        shelf.put("base-kit", "3.0.0", "1.0.0").put("base-kit", "2.0.0", "1.0.0");

        assertThat(held(all("app-kit", "web-kit")))
                .containsExactly("app-kit 1.0.0 < 2.0.0: app-kit 2.0.0 needs mid-kit 2.0.0; mid-kit 2.0.0 needs"
                        + " base-kit 3.0.0; web-kit 1.0.0 needs base-kit 2.0.0");
    }

    @Test
    void what_is_broken_is_named_with_what_is_wrong() {
        shelf.put("app-kit", "2.0.0", "1.0.0", "base-kit 2.0.0").put("app-kit", "1.0.0", "1.0.0");

        assertThat(held(all("app-kit")))
                .containsExactly("app-kit 1.0.0 < 2.0.0: app-kit 2.0.0 needs base-kit 2.0.0; base-kit 2.0.0 cannot be"
                        + " used: it does not exist");
    }

    @Test
    void an_sdk_that_is_written_holds_kits_back() {
        shelf.put("app-kit", "2.0.0", "2.0.0").put("app-kit", "1.0.0", "1.0.0");

        assertThat(held(NewestKits.find(
                        all("app-kit"), Optional.of(new SdkRule(Shelf.image("sdk", "1.0.0"), false)), shelf)))
                .containsExactly("app-kit 1.0.0 < 2.0.0: app-kit 2.0.0 needs SDK sdk 2.0.0; Twoliter.toml has SDK sdk"
                        + " 1.0.0 of acme");
    }

    @Test
    void many_versions_are_told_in_one_clause() {
        shelf.put("app-kit", "9.0.0", "9.0.0");
        for (int version = 1; version <= 20; version++) {
            shelf.put("web-kit", version + ".0.0", 100 + version + ".0.0");
        }

        assertThat(refused(all("app-kit", "web-kit"), Optional.empty()))
                .containsExactly(
                        "app-kit 9.0.0 needs SDK sdk 9.0.0",
                        "web-kit 20.0.0 needs SDK sdk 120.0.0, 19.0.0 needs 119.0.0, 18.0.0 needs 118.0.0, and 17 other"
                                + " versions need others");
    }

    @Test
    void a_rule_that_limits_a_kit_is_told() {
        shelf.put("app-kit", "2.0.0", "2.0.0").put("app-kit", "1.0.0", "1.0.0");
        shelf.put("web-kit", "1.0.0", "2.0.0");
        Wanted app = new Wanted(
                Shelf.VENDOR, "app-kit", List.of(SemVer.parse("1.0.0")), "Twoliter.toml asks for app-kit ^1.0", true);

        assertThat(refused(List.of(app, shelf.any("web-kit")), Optional.empty()))
                .containsExactly(
                        "app-kit 1.0.0 needs SDK sdk 1.0.0",
                        "web-kit 1.0.0 needs SDK sdk 2.0.0",
                        "Twoliter.toml asks for app-kit ^1.0");
    }

    @Test
    void kits_of_different_label_versions() {
        shelf.put(Shelf.image("app-kit", "1.0.0"), Shelf.image("sdk", "1.0.0"), Set.of(3));
        shelf.put(Shelf.image("web-kit", "1.0.0"), Shelf.image("sdk", "1.0.0"), Set.of(4));

        assertThat(refused(all("app-kit", "web-kit"), Optional.empty()))
                .containsExactly(
                        "app-kit 1.0.0 has label version v3",
                        "web-kit 1.0.0 has label version v4",
                        "kits of different label versions cannot be mixed");
    }

    @Test
    void reasons_that_have_nothing_to_do_with_it_are_left_out() {
        shelf.put("core-kit", "2.0.0", "2.0.0").put("core-kit", "1.0.0", "1.0.0");
        shelf.put("kernel-kit", "1.0.0", "1.0.0");
        for (int other = 0; other < 20; other++) {
            shelf.put("other" + other, "2.0.0", "2.0.0").put("other" + other, "1.0.0", "1.0.0");
        }
        List<Wanted> wanted = new java.util.ArrayList<>(all("core-kit"));
        for (int other = 0; other < 20; other++) {
            wanted.add(shelf.any("other" + other));
        }
        wanted.add(shelf.any("kernel-kit"));

        assertThat(held(wanted))
                .hasSize(21)
                .first()
                .isEqualTo("core-kit 1.0.0 < 2.0.0: core-kit 2.0.0 needs SDK sdk 2.0.0; "
                        + "kernel-kit 1.0.0 needs SDK sdk 1.0.0");
    }

    @Test
    void where_everything_newest_fits_each_kit_is_read_once_and_the_sdk_once() {
        for (int kit = 0; kit < 10; kit++) {
            for (int version = 1; version <= 50; version++) {
                shelf.put("kit" + kit, version + ".0.0", version + ".0.0", "base-kit " + version + ".0.0");
            }
        }
        for (int version = 1; version <= 50; version++) {
            shelf.put("base-kit", version + ".0.0", version + ".0.0");
        }
        List<Wanted> wanted = new java.util.ArrayList<>();
        for (int kit = 0; kit < 10; kit++) {
            wanted.add(shelf.any("kit" + kit));
        }

        assertThat(NewestKits.find(wanted, Optional.empty(), shelf).held()).isEmpty();
        assertThat(shelf.reads).hasSize(12).allMatch(read -> read.endsWith(" 50.0.0"));
    }
}
