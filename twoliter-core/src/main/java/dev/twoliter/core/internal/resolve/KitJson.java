package dev.twoliter.core.internal.resolve;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.SemVer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /kit.json} of a metadata image (seed design, "Kit Dependencies"; formats.md, section 2):
 *
 * <pre>
 * {"kit": {"name": NAME, "version": "vVERSION", "arch": ARCH, "sdk": REFERENCE, "dependencies": [REFERENCE, …]}}
 * </pre>
 *
 * A reference is {@code REGISTRY/NAME:vVERSION}. The design puts the architecture behind the name; that is read, and not
 * written.
 */
public final class KitJson {

    /** Where it is in the image. */
    public static final String FILE = "kit.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern REFERENCE = Pattern.compile("(.*)/([^/:]+):v([^:/]+)");

    private KitJson() {}

    /**
     * Writes the document.
     *
     * @param kit the kit's name
     * @param version its version, without {@code v}
     * @param arch for which architecture
     * @param sdk the SDK's reference
     * @param dependencies the references of the kits that it needs
     * @return compact JSON and a line feed
     */
    public static byte[] write(String kit, String version, Arch arch, String sdk, List<String> dependencies) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putObject("kit")
                .put("name", kit)
                .put("version", "v" + version)
                .put("arch", arch.rpmName())
                .put("sdk", sdk)
                .putArray("dependencies");
        dependencies.forEach(list::add);
        try {
            return (JSON.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can always be written", e);
        }
    }

    /**
     * Reads the document. Its references name registries, which are those of the project's vendors; where several
     * vendors share one, the kit's own is preferred.
     *
     * @param subject the image, for messages
     * @param document the document
     * @param kitVendor the kit's own vendor
     * @param registryOfVendor the registries of the project's vendors
     * @return what it says, as a label would
     * @throws FormatException if it is not such a document, or names a registry that no vendor has
     */
    static KitLabel parse(String subject, byte[] document, String kitVendor, Map<String, String> registryOfVendor) {
        JsonNode kit;
        try {
            kit = JSON.readTree(document).path("kit");
        } catch (JacksonException e) {
            throw new FormatException(subject, "its " + FILE + " is not JSON", "", e);
        } catch (IOException e) {
            throw new FormatException(subject, "its " + FILE + " cannot be read", "", e);
        }
        Context context = new Context(subject, kitVendor, registryOfVendor, arch(subject, kit));
        String name = text(subject, kit, "name");
        String version = text(subject, kit, "version");
        if (!NAME.matcher(name).matches() || !version.startsWith("v")) {
            throw new FormatException(subject, "its " + FILE + " has no usable 'name' and 'version'");
        }
        JsonNode dependencies = kit.path("dependencies");
        if (!dependencies.isArray() && !dependencies.isMissingNode()) {
            throw new FormatException(subject, "'dependencies' in its " + FILE + " is no list");
        }
        List<ImageDependency> kits = new ArrayList<>();
        dependencies.forEach(reference -> kits.add(context.dependency(reference.asText())));
        return new KitLabel(
                name, version(subject, version.substring(1)), context.dependency(text(subject, kit, "sdk")), kits);
    }

    private static Arch arch(String subject, JsonNode kit) {
        try {
            return Arch.parse(text(subject, kit, "arch"));
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "its " + FILE + ": " + e.getMessage(), "", e);
        }
    }

    private static String text(String subject, JsonNode kit, String member) {
        JsonNode value = kit.get(member);
        if (value == null || !value.isTextual()) {
            throw new FormatException(subject, "its " + FILE + " has no '" + member + "'");
        }
        return value.asText();
    }

    private static SemVer version(String subject, String text) {
        try {
            return SemVer.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "its " + FILE + ": " + e.getMessage(), "", e);
        }
    }

    /** Turns references into names. */
    private record Context(String subject, String kitVendor, Map<String, String> registryOfVendor, Arch arch) {

        ImageDependency dependency(String reference) {
            Matcher parts = REFERENCE.matcher(reference);
            String name = parts.matches() ? withoutArch(parts.group(2)) : "";
            if (!NAME.matcher(name).matches()) {
                throw new FormatException(
                        subject, "its " + FILE + " names '" + reference + "', which is not REGISTRY/NAME:vVERSION");
            }
            return new ImageDependency(name, version(subject, parts.group(3)), vendor(reference, parts.group(1)));
        }

        private String withoutArch(String name) {
            for (String suffix : List.of("-" + arch.rpmName(), "-" + arch.ociName())) {
                if (name.endsWith(suffix) && name.length() > suffix.length()) {
                    return name.substring(0, name.length() - suffix.length());
                }
            }
            return name;
        }

        private String vendor(String reference, String registry) {
            return registryOfVendor.entrySet().stream()
                    .filter(vendor -> vendor.getValue().equals(registry))
                    .map(Map.Entry::getKey)
                    .min(Comparator.comparing((String vendor) -> !vendor.equals(kitVendor))
                            .thenComparing(Comparator.naturalOrder()))
                    .orElseThrow(() -> new FormatException(
                            subject,
                            "its " + FILE + " names '" + reference
                                    + "', but no vendor of Twoliter.toml has the registry '" + registry + "'",
                            "Add a [vendor.NAME] with registry = \"" + registry + "\".",
                            null));
        }
    }
}
