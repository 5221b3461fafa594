package dev.twoliter.core.internal.boot.secure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * The variables by which firmware trusts a profile, in the two forms of a profile's directory: JSON for virtual machines
 * (as virt-fw-vars writes it and QEMU reads it) and text for the registration of an AMI (as EC2 returns it for an
 * instance). Immutable.
 */
public final class EfiVariables {
    private static final UUID GLOBAL = UUID.fromString("8be4df61-93ca-11d2-aa0d-00e098032b8c");
    private static final UUID IMAGE_SECURITY = UUID.fromString("d719b2cb-3d3a-4596-a3bc-dad00e67656f");
    private static final UUID SECURE_BOOT_ENABLE = UUID.fromString("f0a30bc7-af08-4556-99c4-001009c93a44");
    private static final UUID CUSTOM_MODE = UUID.fromString("c076ec0c-7028-4399-a072-71ee5c448b9f");
    private static final UUID CERT_X509 = UUID.fromString("a5c059a1-94e4-4aa7-87b5-ab155c2bf072");

    private static final int STATE = EfiVariable.NON_VOLATILE | EfiVariable.BOOT_SERVICE;
    private static final int AUTHENTICATED = STATE | EfiVariable.RUNTIME | EfiVariable.TIME_AUTHENTICATED;
    private static final byte[] AWS_MAGIC = "AMZNUEFI".getBytes(StandardCharsets.US_ASCII);
    private static final int LIST_HEADER = 28;
    private static final int GUID = 16;
    private static final int TIME = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<EfiVariable> variables;
    private final byte[] time;

    private EfiVariables(List<EfiVariable> variables, byte[] time) {
        this.variables = List.copyOf(variables);
        this.time = time;
    }

    /**
     * Makes the variables of a profile, with Secure Boot switched on.
     *
     * @param platform PK
     * @param keyExchange KEK
     * @param db what firmware trusts
     * @param owner who says so; any GUID
     * @param time of the variables; firmware takes later changes only
     * @return the variables
     */
    public static EfiVariables of(
            X509Certificate platform, X509Certificate keyExchange, X509Certificate db, UUID owner, Instant time) {
        List<EfiVariable> variables = new ArrayList<>();
        variables.add(new EfiVariable("PK", GLOBAL, AUTHENTICATED, signatureList(platform, owner)));
        variables.add(new EfiVariable("KEK", GLOBAL, AUTHENTICATED, signatureList(keyExchange, owner)));
        variables.add(new EfiVariable("db", IMAGE_SECURITY, AUTHENTICATED, signatureList(db, owner)));
        variables.add(new EfiVariable("SecureBootEnable", SECURE_BOOT_ENABLE, STATE, new byte[] {1}));
        variables.add(new EfiVariable("CustomMode", CUSTOM_MODE, STATE, new byte[] {0}));
        variables.sort(Comparator.comparing(EfiVariable::name));
        return new EfiVariables(variables, efiTime(time));
    }

    /** An EFI_SIGNATURE_LIST with one certificate (UEFI 32.4.1): type, sizes of list, header and entry; owner, DER. */
    static byte[] signatureList(X509Certificate certificate, UUID owner) {
        byte[] der = Certificates.der(certificate);
        return ByteBuffer.allocate(LIST_HEADER + GUID + der.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(guid(CERT_X509))
                .putInt(LIST_HEADER + GUID + der.length)
                .putInt(0)
                .putInt(GUID + der.length)
                .put(guid(owner))
                .put(der)
                .array();
    }

    /** The first three fields of a GUID are little-endian. */
    static byte[] guid(UUID uuid) {
        long high = uuid.getMostSignificantBits();
        return ByteBuffer.allocate(GUID)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (high >>> 32))
                .putShort((short) (high >>> 16))
                .putShort((short) high)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    /** An EFI_TIME (UEFI 8.3) of UTC to the second. */
    private static byte[] efiTime(Instant instant) {
        OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
        return ByteBuffer.allocate(TIME)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) utc.getYear())
                .put((byte) utc.getMonthValue())
                .put((byte) utc.getDayOfMonth())
                .put((byte) utc.getHour())
                .put((byte) utc.getMinute())
                .put((byte) utc.getSecond())
                .array();
    }

    /** {@return the variables, sorted by name} */
    public List<EfiVariable> variables() {
        return variables;
    }

    /** {@return the time of authenticated variables as an EFI_TIME, 16 bytes} */
    public byte[] time() {
        return time.clone();
    }

    /** {@return the text of {@code efi-vars.json}} */
    public String json() {
        ObjectNode root = JSON.createObjectNode().put("version", 2);
        ArrayNode list = root.putArray("variables");
        for (EfiVariable variable : variables) {
            ObjectNode entry = list.addObject()
                    .put("name", variable.name())
                    .put("guid", variable.vendor().toString())
                    .put("attr", variable.attributes())
                    .put("data", HexFormat.of().formatHex(variable.data()));
            if (variable.hasTime()) {
                entry.put("time", HexFormat.of().formatHex(time));
            }
        }
        return root.toPrettyString() + "\n";
    }

    /**
     * {@return the text of {@code efi-vars.aws}: base64 of the magic, a CRC-32C of the rest, the version 0 and a zlib
     * stream} The stream holds the number of variables as u64, then each with name, data, GUID, attributes and, if
     * authenticated, time and digest; what has no fixed size follows its size as u64 (awslabs/python-uefivars). It is
     * compressed without the dictionary that readers have at hand, which zlib's format leaves to the writer.
     */
    public String aws() {
        ByteArrayOutputStream checked = new ByteArrayOutputStream();
        checked.writeBytes(new byte[Integer.BYTES]); // version 0
        Deflater level = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(checked, level)) {
            zlib.write(number(variables.size()));
            for (EfiVariable variable : variables) {
                zlib.write(awsEntry(variable));
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        } finally {
            level.end();
        }
        CRC32C crc = new CRC32C();
        crc.update(checked.toByteArray());
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(AWS_MAGIC.length + Integer.BYTES + checked.size())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(AWS_MAGIC)
                        .putInt((int) crc.getValue())
                        .put(checked.toByteArray())
                        .array());
    }

    private byte[] awsEntry(EfiVariable variable) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] name = variable.name().getBytes(StandardCharsets.UTF_8);
        byte[] data = variable.data();
        out.writeBytes(number(name.length));
        out.writeBytes(name);
        out.writeBytes(number(data.length));
        out.writeBytes(data);
        out.writeBytes(guid(variable.vendor()));
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(variable.attributes())
                .array());
        if (variable.hasTime()) {
            out.writeBytes(time);
            out.writeBytes(number(0));
        }
        return out.toByteArray();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
