package dev.twoliter.core.internal.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A Twoliter.toml in a random layout, which knows where its versions stand. */
final class RandomToml {

    /** A string that may be edited. */
    record Place(String path, String value) {}

    private record Slot(int offset, Place place) {}

    private static final List<String> NOISE =
            List.of("", "", "# version = \"9.9.9\"", "\t# [[kit]] '\"\"\"", "  ", "#é…", "# it's");

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<Slot> slots = new ArrayList<>();
    private final String lineBreak;

    RandomToml(Random random) {
        this.random = random;
        this.lineBreak = random.nextBoolean() ? "\n" : "\r\n";
        if (random.nextInt(4) == 0) {
            text.append('\uFEFF');
        }
        noise();
        entry("", "schema-version", () -> text.append("2"));
        line();
        string("", "release-version", "1.0.0");
        line();
        boolean inlineKits = random.nextBoolean();
        int kits = random.nextInt(5);
        if (inlineKits && kits > 0) {
            inlineKits(kits);
        }
        noise();
        switch (random.nextInt(3)) {
            case 0 -> {
                text.append("sdk = ");
                inline("sdk", "0.1.0");
                line();
            }
            case 1 -> {
                string("", "sdk.version", "0.1.0");
                line();
            }
            default -> {
                text.append(pick("[sdk]", "[ sdk ] # the SDK", "[\"sdk\"]", "['sdk']"));
                line();
                table("sdk", "0.1.0");
            }
        }
        for (int i = 0; i < kits && !inlineKits; i++) {
            noise();
            text.append(pick("[[kit]]", "  [[ kit ]]", "[[\"kit\"]] # ]]"));
            line();
            table("kit[" + i + "]", i + ".0.0");
        }
        if (random.nextBoolean()) {
            text.append("[last]").append(lineBreak).append("empty = \"\"");
        }
    }

    private void inlineKits(int kits) {
        text.append("kit").append(space()).append('=').append(space()).append('[');
        for (int i = 0; i < kits; i++) {
            noise();
            inline("kit[" + i + "]", i + ".0.0");
            if (i < kits - 1 || random.nextBoolean()) {
                text.append(pick(",", " ,", ", # next")).append(lineBreak);
            }
        }
        text.append(lineBreak).append(']');
        line();
    }

    private void inline(String path, String version) {
        text.append('{').append(space());
        boolean first = random.nextBoolean();
        if (first) {
            entry(path, "name", () -> text.append("\"}{ version = '1'\""));
            text.append(space()).append(',').append(space());
        }
        string(path, "version", version);
        text.append(space()).append('}');
    }

    private void table(String path, String version) {
        noise();
        if (random.nextBoolean()) {
            entry(path, "name", () -> text.append("'''a'version = \"1\"'''"));
            line();
        }
        string(path, "version", version);
        line();
        noise();
    }

    private void string(String path, String key, String value) {
        entry(path, key, () -> {
            String quote = path.isEmpty() || random.nextInt(4) > 0 ? pick("\"", "'") : pick("\"\"\"", "'''");
            text.append(quote).append(value);
            slots.add(new Slot(text.length(), new Place(path.isEmpty() ? key : path + "." + key, value)));
            text.append(quote);
        });
    }

    private void entry(String path, String key, Runnable value) {
        boolean plain = key.indexOf('.') >= 0;
        text.append(plain ? key : pick(key, key, "\"" + key + "\"", "'" + key + "'"));
        text.append(space()).append('=').append(space());
        value.run();
    }

    private void line() {
        text.append(pick("", "", " # end", "\t")).append(lineBreak);
    }

    private void noise() {
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(NOISE.get(random.nextInt(NOISE.size()))).append(lineBreak);
        }
    }

    private String space() {
        return pick("", " ", "  ", "\t");
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String text() {
        return text.toString();
    }

    List<Place> places() {
        return slots.stream().map(Slot::place).toList();
    }

    /** {@return the text with something appended to every string that may be edited} */
    String edited(String suffix) {
        StringBuilder edited = new StringBuilder(text);
        for (int i = slots.size() - 1; i >= 0; i--) {
            edited.insert(slots.get(i).offset(), suffix);
        }
        return edited.toString();
    }
}
