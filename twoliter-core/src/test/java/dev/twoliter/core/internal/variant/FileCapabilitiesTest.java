package dev.twoliter.core.internal.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.twoliter.api.FormatException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileCapabilitiesTest {

    @Test
    void the_attribute_has_the_layout_of_the_kernel_header() {
        assertThat(HexFormat.of().formatHex(FileCapabilities.encode("ping", "cap_net_raw=ep")))
                .isEqualTo("0100000200200000000000000000000000000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cap_net_raw=ep",
                "cap_net_raw,cap_net_admin=ep",
                "cap_net_raw+ep",
                "cap_chown=p",
                "cap_setuid=ei",
                "cap_chown,cap_kill=eip cap_kill-i",
                "=",
                "all=p"
            })
    @Peer({"setcap", "python3"})
    void the_attribute_is_what_setcap_writes(String text, @TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("program"));
        Command set = Command.run("setcap", text, file);
        assumeThat(set.exit()).as("setcap needs privileges: " + set.output()).isZero();
        String hex = Command.output(
                        "python3",
                        "-c",
                        "import os,sys; print(os.getxattr(sys.argv[1], 'security.capability').hex())",
                        file)
                .strip();
        assertThat(HexFormat.of().formatHex(FileCapabilities.encode("program", text)))
                .isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cap_net_raw", "cap_none=ep", "net_raw=ep", "cap_net_raw=x", "cap_net_raw,=ep", "x+"})
    void what_is_no_capability_is_refused(String text) {
        assertThatThrownBy(() -> FileCapabilities.encode("/usr/bin/ping", text))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("/usr/bin/ping");
    }
}
