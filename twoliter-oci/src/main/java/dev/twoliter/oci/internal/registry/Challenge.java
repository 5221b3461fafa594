package dev.twoliter.oci.internal.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server wants to be shown (RFC 9110, 11.6.1).
 *
 * @param scheme in lower case, such as {@code bearer}
 * @param parameters by name in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

    private static final int MAX_LENGTH = 8192;

    /** A scheme, or a parameter with a quoted or bare value; what is between them is not looked at. */
    private static final Pattern PART = Pattern.compile(
            "(?<name>[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})(?:\\s{0,8}=\\s{0,8}(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"|(?<bare>[^\\s,\"=]++)))?");

    /** Reads all challenges of an answer; malformed ones are left out. */
    static List<Challenge> parse(List<String> values) {
        List<Challenge> challenges = new ArrayList<>();
        for (String value : values) {
            if (value.length() <= MAX_LENGTH) {
                parse(value, challenges);
            }
        }
        return challenges;
    }

    private static void parse(String value, List<Challenge> challenges) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher part = PART.matcher(value);
        while (part.find()) {
            String name = part.group("name").toLowerCase(Locale.ROOT);
            String quoted = part.group("quoted");
            String bare = part.group("bare");
            if (quoted != null) {
                parameters.putIfAbsent(name, quoted.replaceAll("\\\\(.)", "$1"));
            } else if (bare != null) {
                parameters.putIfAbsent(name, bare);
            } else {
                parameters = new LinkedHashMap<>();
                challenges.add(new Challenge(name, parameters));
            }
        }
    }

    static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
        return challenges.stream().filter(c -> c.scheme.equals(scheme)).findFirst();
    }
}
