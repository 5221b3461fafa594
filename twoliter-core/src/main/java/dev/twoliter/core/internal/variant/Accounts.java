package dev.twoliter.core.internal.variant;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Numbers of users or groups by name, from the image's own passwd and group files. As rpm does, a name that is in
 * neither becomes root, and somebody is told. Not thread-safe.
 */
final class Accounts {

    private final Map<String, Integer> numbers = new HashMap<>(Map.of("root", 0));
    private final String what;
    private final Consumer<String> warn;

    Accounts(String what, Consumer<String> warn) {
        this.what = what;
        this.warn = warn;
    }

    /** Adds the lines of a passwd(5) or group(5) file: {@code name:password:number:…}. */
    void read(String text) {
        for (String line : text.split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3 && fields[2].matches("[0-9]{1,9}")) {
                numbers.putIfAbsent(fields[0], Integer.parseInt(fields[2]));
            }
        }
    }

    int number(String name) {
        return numbers.computeIfAbsent(name, unknown -> {
            warn.accept("there is no " + what + " '" + unknown + "' in the image; its files belong to root");
            return 0;
        });
    }
}
