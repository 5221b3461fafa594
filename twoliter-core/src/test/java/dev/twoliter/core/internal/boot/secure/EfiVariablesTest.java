package dev.twoliter.core.internal.boot.secure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EfiVariablesTest {
    private static final UUID OWNER = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

    private static CertifiedKey platform;
    private static EfiVariables variables;

    @BeforeAll
    static void make_keys() {
        platform = CertifiedKey.authority("Platform", NOW);
        CertifiedKey db = CertifiedKey.authority("Database", NOW);
        variables = EfiVariables.of(platform.certificate(), db.certificate(), db.certificate(), OWNER, NOW);
    }

    @Test
    void a_signature_list_holds_one_certificate_and_its_owner() {
        byte[] der = Certificates.der(platform.certificate());
        byte[] list = EfiVariables.signatureList(platform.certificate(), OWNER);

        assertThat(HexFormat.of().formatHex(list, 0, 16)).isEqualTo("a159c0a5e494a74a87b5ab155c2bf072");
        assertThat(HexFormat.of().formatHex(list, 28, 44)).isEqualTo("33221100554477668899aabbccddeeff");
        ByteBuffer numbers = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(numbers.getInt(16)).isEqualTo(list.length).isEqualTo(44 + der.length);
        assertThat(numbers.getInt(20)).isZero();
        assertThat(numbers.getInt(24)).isEqualTo(16 + der.length);
        assertThat(list).endsWith(der);
    }

    @Test
    void json_names_each_variable_with_its_attributes_and_time() throws IOException {
        JsonNode json = new ObjectMapper().readTree(variables.json());

        assertThat(json.get("version").intValue()).isEqualTo(2);
        assertThat(json.get("variables").findValuesAsText("name"))
                .containsExactly("CustomMode", "KEK", "PK", "SecureBootEnable", "db");
        JsonNode pk = json.get("variables").get(2);
        assertThat(pk.get("guid").textValue()).isEqualTo("8be4df61-93ca-11d2-aa0d-00e098032b8c");
        assertThat(pk.get("attr").intValue()).isEqualTo(0x27);
        assertThat(pk.get("time").textValue()).isEqualTo("ea070506070809000000000000000000");
        assertThat(pk.get("data").textValue())
                .isEqualTo(HexFormat.of().formatHex(EfiVariables.signatureList(platform.certificate(), OWNER)));
        assertThat(json.get("variables").get(3).get("data").textValue()).isEqualTo("01");
        assertThat(json.get("variables").get(3).has("time")).isFalse();
    }

    @Test
    void the_text_for_an_ami_unpacks_to_the_same_variables() throws IOException {
        ByteBuffer blob =
                ByteBuffer.wrap(Base64.getDecoder().decode(variables.aws())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(blob.array(), 0, 8, US_ASCII)).isEqualTo("AMZNUEFI");
        CRC32C crc = new CRC32C();
        crc.update(blob.array(), 12, blob.limit() - 12);
        assertThat(Integer.toUnsignedLong(blob.getInt(8))).isEqualTo(crc.getValue());
        assertThat(blob.getInt(12)).isZero();
        ByteBuffer in = ByteBuffer.wrap(
                        new InflaterInputStream(new ByteArrayInputStream(blob.array(), 16, blob.limit() - 16))
                                .readAllBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(in.getLong()).isEqualTo(5);
        for (EfiVariable variable : variables.variables()) {
            assertThat(new String(bytes(in, in.getLong()), US_ASCII)).isEqualTo(variable.name());
            assertThat(bytes(in, in.getLong())).isEqualTo(variable.data());
            assertThat(bytes(in, 16)).isEqualTo(EfiVariables.guid(variable.vendor()));
            assertThat(in.getInt()).isEqualTo(variable.attributes());
            if (variable.hasTime()) {
                assertThat(bytes(in, 16)).isEqualTo(variables.time());
                assertThat(in.getLong()).isZero();
            }
        }
        assertThat(in.hasRemaining()).isFalse();
    }

    private static byte[] bytes(ByteBuffer in, long size) {
        byte[] bytes = new byte[(int) size];
        in.get(bytes);
        return bytes;
    }

    @Test
    @Peer("python3")
    void a_reader_that_offers_a_dictionary_needs_none(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("efi-vars.aws"), variables.aws());
        String program = "import base64,sys,zlib;b=base64.b64decode(open(sys.argv[1]).read());"
                + "print(int.from_bytes(zlib.decompressobj(0,zdict=b'x'*64).decompress(b[16:])[:8],'little'))";

        assertThat(Command.output("python3", "-c", program, file)).isEqualTo("5\n");
    }
}
