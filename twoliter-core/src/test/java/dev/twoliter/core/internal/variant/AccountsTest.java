package dev.twoliter.core.internal.variant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private final List<String> warnings = new ArrayList<>();
    private final Accounts users = new Accounts("user", warnings::add);

    @Test
    void numbers_come_from_the_image_and_never_from_this_machine() {
        users.read("root:x:0:0:root:/root:/sbin/nologin\nagent:x:1001:1001::/:/sbin/nologin\n");
        assertThat(users.number("root")).isZero();
        assertThat(users.number("agent")).isEqualTo(1001);
        assertThat(warnings).isEmpty();
    }

    @Test
    void an_unknown_name_becomes_root_and_is_told_once() {
        assertThat(users.number("nobody")).isZero();
        assertThat(users.number("nobody")).isZero();
        assertThat(warnings).singleElement().asString().contains("user 'nobody'");
    }

    @Test
    void root_cannot_be_renumbered_and_broken_lines_are_passed_over() {
        users.read("root:x:5:5\n\n:::\nagent\nagent:x\nagent:x:-1\nagent:x:99999999999:1\r\nagent:x:7:7\n");
        assertThat(users.number("root")).isZero();
        assertThat(users.number("agent")).isEqualTo(7);
    }
}
