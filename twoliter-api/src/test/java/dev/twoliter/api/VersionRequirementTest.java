package dev.twoliter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRequirementTest {

    private static final String ALL =
            "0.0.3 0.0.4 0.2.3 0.2.9 0.3.0 1.0.0-rc.1 1.0.0 1.2.3 1.2.9 1.3.0 2.0.0-rc.1 2.0.0 3.1.4";

    @ParameterizedTest(name = "{0} takes {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "^1.2.3       | 1.2.3 1.2.9 1.3.0",
                "^1.2         | 1.2.3 1.2.9 1.3.0",
                "^1           | 1.0.0 1.2.3 1.2.9 1.3.0",
                "^0.2.3       | 0.2.3 0.2.9",
                "^0.0.3       | 0.0.3",
                "^0.0         | 0.0.3 0.0.4",
                "^0           | 0.0.3 0.0.4 0.2.3 0.2.9 0.3.0",
                "~1.2.3       | 1.2.3 1.2.9",
                "~1.2         | 1.2.3 1.2.9",
                "~1           | 1.0.0 1.2.3 1.2.9 1.3.0",
                ">=1.2, <2    | 1.2.3 1.2.9 1.3.0",
                ">1.2         | 1.3.0 2.0.0 3.1.4",
                ">1.2.3       | 1.2.9 1.3.0 2.0.0 3.1.4",
                "<=1.2        | 0.0.3 0.0.4 0.2.3 0.2.9 0.3.0 1.0.0 1.2.3 1.2.9",
                "<=1.2.3, >=1 | 1.0.0 1.2.3",
                "=1.2         | 1.2.3 1.2.9",
                "=1.2.3       | 1.2.3",
                "1.2.3        | 1.2.3",
                "1.0.0-rc.1   | 1.0.0-rc.1",
                "^1.0.0-rc.1  | 1.0.0-rc.1 1.0.0 1.2.3 1.2.9 1.3.0",
                "*            | 0.0.3 0.0.4 0.2.3 0.2.9 0.3.0 1.0.0 1.2.3 1.2.9 1.3.0 2.0.0 3.1.4",
                ">=2, <1      | ''",
            })
    void takes_what_cargo_takes(String requirement, String expected) {
        VersionRequirement r = VersionRequirement.parse(requirement);
        assertThat(Arrays.stream(ALL.split(" "))
                        .filter(v -> r.matches(SemVer.parse(v)))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @Test
    void takes_pre_releases_on_request_but_not_those_of_what_it_excludes() {
        VersionRequirement r = VersionRequirement.parse("^1");
        assertThat(r.matches(SemVer.parse("1.4.0-rc.1"), true)).isTrue();
        assertThat(r.matches(SemVer.parse("2.0.0-rc.1"), true)).isFalse();
        assertThat(r.matches(SemVer.parse("1.4.0-rc.1"), false)).isFalse();
    }

    @Test
    void leaves_no_choice_when_it_is_one_version() {
        assertThat(VersionRequirement.parse("3.1.1").exact()).contains(SemVer.parse("3.1.1"));
        assertThat(VersionRequirement.parse("=3.1.1").exact()).contains(SemVer.parse("3.1.1"));
        assertThat(VersionRequirement.parse("=3.1").exact()).isEmpty();
        assertThat(VersionRequirement.parse("~3.1.1").exact()).isEmpty();
        assertThat(VersionRequirement.exactly(SemVer.parse("7.0.0-0422-10")).exact())
                .contains(SemVer.parse("7.0.0-0422-10"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2",
                "v1.2.3",
                "^",
                "^v1",
                "^1.2.3.4",
                "1.2.3, 1.2.4",
                "^1,",
                "^1 ^2",
                "^01",
                "1.x",
                "**",
                "==1",
                "^1.2.3-",
                "^99999999999999999999"
            })
    void refuses_what_is_no_requirement(String text) {
        assertThatThrownBy(() -> VersionRequirement.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
