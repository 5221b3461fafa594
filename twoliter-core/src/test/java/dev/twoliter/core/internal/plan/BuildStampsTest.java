package dev.twoliter.core.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Environment;
import dev.twoliter.api.InvalidProjectException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildStampsTest {

    private static Environment with(String name, String value) {
        return Environment.of(Map.of(name, value), Path.of("/nowhere"));
    }

    private static final Environment EMPTY = Environment.of(Map.of(), Path.of("/nowhere"));

    @Test
    void without_a_repository_everything_is_zero() {
        assertThat(BuildStamps.buildId(Optional.empty(), EMPTY)).isEqualTo("00000000");
        assertThat(BuildStamps.sourceDateEpoch(EMPTY)).isZero();
        assertThat(BuildStamps.packageStamp("00000000", EMPTY)).isEqualTo(".0000000000.00000000.br1");
    }

    @Test
    void the_request_goes_before_the_environment() {
        Environment environment = with("BUILDSYS_VERSION_BUILD", "abc");
        assertThat(BuildStamps.buildId(Optional.empty(), environment)).isEqualTo("abc");
        assertThat(BuildStamps.buildId(Optional.of("def"), environment)).isEqualTo("def");
    }

    @Test
    void a_release_has_the_commit_without_dirt_and_hyphens() {
        Environment environment = with("BUILDSYS_VERSION_BUILD_TIMESTAMP", "1700000000");
        assertThat(BuildStamps.packageStamp("1234abcd-dirty", environment)).isEqualTo(".1700000000.1234abcd.br1");
        assertThat(BuildStamps.packageStamp("my-build", environment)).isEqualTo(".1700000000.my_build.br1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a b", "-a", "a/b", "ä"})
    void a_build_identifier_that_does_not_fit_a_file_name_is_refused(String id) {
        assertThatThrownBy(() -> BuildStamps.buildId(Optional.of(id), EMPTY))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("build identifier");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "4294967296", "99999999999999999999"})
    void a_time_that_no_header_can_hold_is_refused(String time) {
        assertThatThrownBy(() -> BuildStamps.sourceDateEpoch(with("SOURCE_DATE_EPOCH", time)))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("SOURCE_DATE_EPOCH");
    }
}
