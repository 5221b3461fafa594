package dev.twoliter.core.internal.image;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.core.internal.disk.Sha256;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.ova.OvaWriter;
import dev.twoliter.core.internal.disk.ova.OvfTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The OVA of a variant in the format vmdk, after the maintainer's template (variant-image.md 5). */
public final class Ova {
    /** The template's name in the variant's directory. */
    public static final String TEMPLATE = "template.ovf";

    private static final int MAX_TEMPLATE = 1 << 20;

    private Ova() {}

    /**
     * Refuses a template that the variant cannot fill, before anything is built.
     *
     * @param variant the variant
     * @param template its file
     * @throws SourceException if it is not there
     * @throws FormatException if it has other placeholders than it must have
     */
    public static void check(VariantSpec variant, Path template) {
        String text = read(template, variant);
        boolean split = PartitionPlan.of(variant.imageLayout(), DiskShape.of(variant))
                .data()
                .isPresent();
        if (split && !text.contains("{{DATA_DISK}}")) {
            throw wrong(template, "has no {{DATA_DISK}}, but the variant has a data disk");
        }
        if (!split && text.contains("{{DATA_DISK")) {
            throw wrong(template, "has {{DATA_DISK}}, but the variant has no data disk");
        }
        if (variant.has(ImageFeature.UEFI_SECURE_BOOT) && !text.contains("{{DB_CERT_DER_HEX}}")) {
            throw wrong(template, "has no {{DB_CERT_DER_HEX}}, but the variant starts with Secure Boot");
        }
        Map<String, String> known = new TreeMap<>();
        Stream.of("OS_DISK", "OS_DISK_BYTES").forEach(name -> known.put(name, ""));
        if (split) {
            Stream.of("DATA_DISK", "DATA_DISK_BYTES").forEach(name -> known.put(name, ""));
        }
        if (variant.has(ImageFeature.UEFI_SECURE_BOOT)) {
            Stream.of("PK_CERT_DER_HEX", "KEK_CERT_DER_HEX", "DB_CERT_DER_HEX", "DBX_EMPTY_HASH_HEX")
                    .forEach(name -> known.put(name, ""));
        }
        OvfTemplate.fill(text, known, template.toString());
    }

    private static FormatException wrong(Path template, String what) {
        return new FormatException(
                template.toString(), what, "Correct the template; docs/disks.md lists its placeholders.", null);
    }

    private static String read(Path template, VariantSpec variant) {
        if (!Files.isRegularFile(template)) {
            throw new SourceException(
                    template.toString(),
                    "variant '" + variant.name() + "' has the image-format vmdk, and there is no " + template,
                    "Write a template there: the OVF of a machine, with {{OS_DISK}} for its disk's name.",
                    null);
        }
        try {
            if (Files.size(template) > MAX_TEMPLATE) {
                throw wrong(template, "is larger than " + MAX_TEMPLATE + " bytes");
            }
            return new String(Files.readAllBytes(template), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageException.of("read", template, e);
        }
    }

    /**
     * Writes it.
     *
     * @param variant the variant
     * @param template the maintainer's
     * @param plan the variant's partitions
     * @param keys those of Secure Boot; empty without it
     * @param time of its entries, seconds since 1970
     * @param artefacts where the disks are, and where to
     */
    static void write(
            VariantSpec variant,
            Path template,
            PartitionPlan plan,
            Optional<SecureBootKeys> keys,
            long time,
            Artefacts artefacts) {
        PartitionPlan.PublishedSizes sizes =
                plan.published(variant.imageLayout().publishImageSizeHintGib());
        Map<String, String> values = new TreeMap<>();
        List<Path> disks = new ArrayList<>();
        disks.add(artefacts.path(".vmdk"));
        values.put("OS_DISK", name(disks.get(0)));
        values.put("OS_DISK_BYTES", Long.toString(sizes.osGib() << 30));
        if (plan.data().isPresent()) {
            disks.add(artefacts.path("-data.vmdk"));
            values.put("DATA_DISK", name(disks.get(1)));
            values.put("DATA_DISK_BYTES", Long.toString(sizes.dataGib() << 30));
        }
        keys.ifPresent(own -> {
            values.put("PK_CERT_DER_HEX", hex(own.platform()));
            values.put("KEK_CERT_DER_HEX", hex(own.keyExchange()));
            values.put("DB_CERT_DER_HEX", hex(own.db()));
            values.put(
                    "DBX_EMPTY_HASH_HEX",
                    HexFormat.of().formatHex(Sha256.digest().digest()));
        });
        String ovf = OvfTemplate.fill(read(template, variant), values, template.toString());
        String stem = name(artefacts.path(""));
        artefacts.write(".ova", out -> OvaWriter.write(stem, ovf, disks, time, out));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static String hex(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }
}
