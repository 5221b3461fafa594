package dev.twoliter.core.internal.disk.ova;

import dev.twoliter.api.FormatException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills the placeholders of an OVF template, such as {@code {{OS_DISK}}}. */
public final class OvfTemplate {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}");

    private OvfTemplate() {}

    /**
     * Fills a template.
     *
     * @param template the text
     * @param values by placeholder, without its braces; a value goes in as it is
     * @param subject the template's name for messages
     * @return the text without placeholders
     * @throws FormatException if the template is empty, or has a placeholder for which there is no value
     */
    public static String fill(String template, Map<String, String> values, String subject) {
        if (template.isBlank()) {
            throw new FormatException(subject, "the OVF template is empty");
        }
        String filled = PLACEHOLDER.matcher(template).replaceAll(match -> {
            String value = values.get(match.group(1));
            return Matcher.quoteReplacement(value == null ? match.group() : value);
        });
        Matcher left = Pattern.compile("\\{\\{.{0,40}|.{0,40}}}").matcher(filled);
        if (left.find()) {
            throw new FormatException(
                    subject,
                    "the OVF template has something that is not filled: " + left.group(),
                    "known here are "
                            + String.join(
                                    ", ", values.keySet().stream().sorted().toList()),
                    null);
        }
        return filled;
    }
}
