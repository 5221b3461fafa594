package dev.twoliter.rpm;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Feeds the parsers of versions, names, relations and rich dependencies: what they accept must survive printing. */
public final class DependencyFuzzer {
    private DependencyFuzzer() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        roundTrip(text, Evr::parse);
        roundTrip(text, Nevra::parse);
        roundTrip(text, Relation::parse);
        roundTrip(text, RichDependency::parse);
        String[] versions = text.split("\n", 2);
        if (versions.length == 2) {
            int order = Evr.compareSegments(versions[0], versions[1]);
            if (Integer.signum(order) != -Integer.signum(Evr.compareSegments(versions[1], versions[0]))) {
                throw new AssertionError("the order depends on the side: " + text);
            }
        }
    }

    private static <T> void roundTrip(String text, Function<String, T> parse) {
        T value;
        try {
            value = parse.apply(text);
        } catch (IllegalArgumentException e) {
            return;
        }
        T again = parse.apply(value.toString());
        if (!again.equals(value)) {
            throw new AssertionError("'" + text + "' is printed as '" + value + "', which reads as '" + again + "'");
        }
    }
}
