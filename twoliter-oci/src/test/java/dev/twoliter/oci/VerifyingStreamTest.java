package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class VerifyingStreamTest {

    private static final byte[] RIGHT = {1, 2, 3, 4};

    private static VerifyingStream over(byte... content) {
        return new VerifyingStream(new ByteArrayInputStream(content), Descriptor.of("x/y", RIGHT), "store");
    }

    @Test
    void good_content_passes_however_it_is_read() throws IOException {
        assertThat(over(RIGHT).readAllBytes()).isEqualTo(RIGHT);
        try (VerifyingStream stream = over(RIGHT)) {
            assertThat(stream.skip(3)).isEqualTo(3);
            assertThat(stream.read()).isEqualTo(4);
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.markSupported()).isFalse();
        }
        VerifyingStream empty =
                new VerifyingStream(new ByteArrayInputStream(new byte[0]), Descriptor.of("x/y", new byte[0]), "store");
        assertThat(empty.read()).isEqualTo(-1);
    }

    @Test
    void the_last_byte_of_wrong_content_is_never_handed_out() {
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> over((byte) 1, (byte) 2, (byte) 3, (byte) 5).readNBytes(RIGHT.length))
                .withMessageContaining("store sha256:");
    }

    @Test
    void short_and_long_content_is_refused_again_and_again() {
        for (VerifyingStream stream :
                new VerifyingStream[] {over((byte) 1), over(), over((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5)
                }) {
            assertThatExceptionOfType(VerificationException.class).isThrownBy(stream::readAllBytes);
            assertThatExceptionOfType(VerificationException.class).isThrownBy(stream::read);
        }
    }
}
