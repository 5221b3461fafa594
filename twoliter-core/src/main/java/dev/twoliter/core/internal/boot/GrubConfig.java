package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code grub.cfg} of a boot partition (variant-image.md 2.12). GRUB's embedded configuration runs it with
 * {@code $root}, {@code $private} and {@code $boot_uuid} set. Immutable.
 *
 * @param title what the menu shows: pretty name and version
 * @param kernelParameters the variant's own; they come first
 * @param verityRoot the value of {@code dm-mod.create}, see {@code VerityRoot#dmModCreate()}
 * @param secureBoot whether the configuration is signed, so that the menu must not be edited
 * @param bootConfig whether the kernel reads the bootconfig of the private partition
 * @param initrd whether the boot partition has an {@code initrd}; upstream's kernels need none
 */
public record GrubConfig(
        String title,
        List<String> kernelParameters,
        String verityRoot,
        boolean secureBoot,
        boolean bootConfig,
        boolean initrd) {

    private static final String SUBJECT = "grub.cfg";
    private static final Pattern TEXT = Pattern.compile("[^\\x00-\\x1F\\x7F\"'\\\\$`]*");
    private static final Pattern VERITY_ROOT = Pattern.compile("[ -~&&[^\"'\\\\`]]+");
    private static final Pattern VERITY_LINE = Pattern.compile("(?m)^set dm_verity_root=\"[^\"\\n]*\"$");

    /** Checks that no value can end the place where it is written. */
    public GrubConfig {
        kernelParameters = List.copyOf(kernelParameters);
        Objects.requireNonNull(title, "title");
        if (!TEXT.matcher(title).matches()) {
            throw new FormatException(SUBJECT, "the title of the menu has quotes, $ or control characters: " + title);
        }
        requireVerityRoot(verityRoot);
        kernelParameters.forEach(GrubConfig::requireParameter);
    }

    /** {@return the file} */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (secureBoot) {
            // This file has been verified when GRUB reads it; the bootconfig of the private partition cannot be signed.
            text.append("set superusers=\"\"\nset check_signatures=no\n");
        }
        text.append("set default=0\nset timeout=0\n");
        text.append(verityLine(verityRoot)).append("\n\n");
        text.append("menuentry \"").append(title).append("\" --unrestricted {\n");
        text.append(commandLine()).append('\n');
        String initrds = initrds();
        if (!initrds.isEmpty()) {
            text.append("    initrd").append(initrds).append('\n');
        }
        text.append("    boot\n");
        if (secureBoot) {
            text.append("    echo \"The system could not be started; another attempt follows in 30 seconds.\"\n");
            text.append("    sleep 30\n    reboot\n");
        }
        return text.append("}\n").toString();
    }

    private String commandLine() {
        return "    linux ($root)/vmlinuz \\\n        "
                + String.join(
                        " \\\n        ", KernelCommandLine.parameters(kernelParameters, bootConfig, "$dm_verity_root"));
    }

    /** The kernel finds its bootconfig at the very end, so that comes last. */
    private String initrds() {
        return (initrd ? " ($root)/initrd" : "") + (bootConfig ? " ($private)/bootconfig.data" : "");
    }

    /**
     * Puts another root into a finished file, as for an image that is repacked.
     *
     * @param text a file that {@link #text()} or upstream wrote
     * @param verityRoot the new value of {@code dm-mod.create}
     * @return the changed file
     * @throws FormatException if the text has no line, or several, that set {@code dm_verity_root}
     */
    public static String withVerityRoot(String text, String verityRoot) {
        requireVerityRoot(verityRoot);
        Matcher line = VERITY_LINE.matcher(text);
        if (!line.find()) {
            throw new FormatException(SUBJECT, "no line sets dm_verity_root");
        }
        String changed = text.substring(0, line.start()) + verityLine(verityRoot) + text.substring(line.end());
        if (line.find()) {
            throw new FormatException(SUBJECT, "several lines set dm_verity_root");
        }
        return changed;
    }

    private static String verityLine(String verityRoot) {
        return "set dm_verity_root=\"" + verityRoot + "\"";
    }

    private static void requireVerityRoot(String verityRoot) {
        if (!VERITY_ROOT.matcher(verityRoot).matches()) {
            throw new FormatException(SUBJECT, "not a value of dm-mod.create: " + verityRoot);
        }
    }

    /** Outside of double quotes, some characters end a command of GRUB (grub.info, "Quoting"). */
    private static void requireParameter(String parameter) {
        boolean quoted = false;
        for (int i = 0; i < parameter.length(); i++) {
            char c = parameter.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c < ' ' || c == 0x7F || c == '\\' || c == '\'' || (!quoted && "{}|&;<>#".indexOf(c) >= 0)) {
                throw new FormatException(
                        SUBJECT,
                        "the kernel parameter '" + parameter.replaceAll("\\p{Cntrl}", "?")
                                + "' has a character that GRUB does not pass on: " + shown(c),
                        "Put the value between double quotes, or leave the character out of kernel-parameters.",
                        null);
            }
        }
        if (quoted || parameter.isBlank()) {
            throw new FormatException(
                    SUBJECT,
                    "the kernel parameter '" + parameter + "' " + (quoted ? "has an open quote" : "is blank"),
                    "Mend kernel-parameters.",
                    null);
        }
    }

    private static String shown(char c) {
        return c < ' ' || c == 0x7F ? "code " + (int) c : String.valueOf(c);
    }
}
