package dev.twoliter.rpm.solve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Invents scenarios: one to six repositories with ten to four hundred packages and every kind of dependency. */
final class Scenarios {
    private static final List<String> VERSIONS = List.of("1", "1.2", "1.10", "2.0~rc1", "2.0", "2.0^git1", "3", "2024");
    private static final List<String> OPERATORS = List.of("=", "<", "<=", ">", ">=", ">=", ">=", ">=");

    private static final int FILES = 6;

    private final Random random;
    private final int names;
    private final double richness; // how much of everything there is
    private final double trouble; // how often things conflict or are missing
    private final double strictness; // how often versions matter

    private Scenarios(long seed) {
        random = new Random(seed);
        names = 5 + random.nextInt(random.nextInt(4) == 0 ? 220 : 50);
        richness = 0.3 + random.nextDouble();
        trouble = random.nextDouble() * random.nextDouble() * random.nextDouble() * 0.12;
        strictness = random.nextDouble() * random.nextDouble() * 0.3;
    }

    static Scenario of(long seed) {
        return new Scenarios(seed).scenario(seed);
    }

    private Scenario scenario(long seed) {
        int repos = 1 + random.nextInt(FILES);
        List<List<String>> packages = new ArrayList<>();
        List<Integer> priorities = new ArrayList<>();
        for (int i = 0; i < repos; i++) {
            packages.add(new ArrayList<>());
            priorities.add(random.nextBoolean() ? 99 : 10 * (1 + random.nextInt(4)));
        }
        double versions = 1 + random.nextDouble() * (random.nextInt(3) == 0 ? 8 : 1.5);
        int total = Math.max(10, Math.min(390, (int) (names * versions)));
        for (int i = 0; i < total; i++) {
            packages.get(random.nextInt(repos)).add(pkg(i < names ? i : random.nextInt(names)));
        }
        for (int i = 0; i < Math.max(capabilities(), FILES); i++) {
            packages.get(random.nextInt(repos)).add(base(i));
        }
        List<SolveRepo> made = new ArrayList<>();
        for (int i = 0; i < repos; i++) {
            made.add(Packages.repo("repo" + i, priorities.get(i), distinct(packages.get(i))));
        }
        List<String> install = new ArrayList<>();
        for (int i = random.nextInt(1 + random.nextInt(14)); i >= 0; i--) {
            install.add(wanted());
        }
        List<String> excludes = new ArrayList<>();
        for (int i = random.nextInt(40) - 37; i > 0; i--) {
            excludes.add(random.nextBoolean() ? name() : "*" + random.nextInt(10));
        }
        return new Scenario(
                String.format("s%05d", seed), made, install, excludes, random.nextInt(5) == 0, random.nextInt(4) == 0);
    }

    /** A repository has a package of one full name once; testsolv cannot tell two of them apart. */
    private static String[] distinct(List<String> packages) {
        Map<String, String> byName = new LinkedHashMap<>();
        packages.forEach(pkg -> byName.putIfAbsent(pkg.split(" ")[0], pkg));
        return byName.values().toArray(String[]::new);
    }

    /** A package without needs of its own, so that few things are missing altogether. */
    private String base(int i) {
        String text = "q" + i + "-1-1.x86_64";
        if (i < capabilities()) {
            text += " | prov: cap" + i + (random.nextBoolean() ? " = 2.0" : "");
        }
        return i < FILES ? text + " | file: /usr/bin/f" + i + ", /usr/share/g" + i : text;
    }

    private int capabilities() {
        return 2 + names / 6;
    }

    private String wanted() {
        return switch (random.nextInt(60)) {
            case 0, 1 -> capability();
            case 2, 3 -> "/usr/bin/f" + random.nextInt(FILES);
            case 4 -> name() + "-" + version();
            case 5 -> name() + ".x86_64";
            case 6 -> name() + " " + operator() + " " + evr();
            default -> name();
        };
    }

    private String pkg(int number) {
        StringBuilder text = new StringBuilder("p" + letter(number) + number + "-"
                + (random.nextInt(12) == 0 ? "1:" : "") + version() + "-" + release() + "." + arch());
        list(text, "prov", 0.5, this::provided);
        list(text, "req", 2.5, this::requirement);
        list(text, "con", trouble, () -> random.nextInt(4) == 0 ? richConflict() : versioned());
        list(text, "obs", trouble / 2, this::versionedName);
        list(text, "rec", 0.12, this::weak);
        list(text, "sug", 0.12, this::weak);
        list(text, "sup", 0.06, this::versioned);
        list(text, "enh", 0.06, this::versioned);
        list(text, "file", 0.25, this::file);
        return text.toString();
    }

    private void list(StringBuilder text, String kind, double mean, java.util.function.Supplier<String> item) {
        List<String> items = new ArrayList<>();
        while (random.nextDouble() < mean * richness / (1 + mean * richness)) {
            items.add(item.get());
        }
        if (!items.isEmpty()) {
            text.append(" | ").append(kind).append(": ").append(String.join(", ", items));
        }
    }

    private String requirement() {
        if (random.nextDouble() < trouble) {
            return "missing" + random.nextInt(3);
        }
        return random.nextInt(4) == 0 ? rich(2) : random.nextInt(6) == 0 ? file() : versioned();
    }

    private String weak() {
        return random.nextInt(4) == 0 ? rich(1) : versioned();
    }

    private String rich(int depth) {
        String a = operand(depth);
        String b = operand(depth);
        return switch (random.nextInt(6)) {
            case 0 -> "(" + a + " and " + b + ")";
            case 1 -> "(" + versioned() + " or " + versioned() + (random.nextBoolean() ? " or " + name() : "") + ")";
            case 2 -> "(" + a + " if " + b + ")";
            case 3 -> "(" + a + " if " + b + " else " + operand(depth) + ")";
            case 4 -> both(capability());
            default -> "(" + versioned() + " without " + name() + ")";
        };
    }

    private String both(String what) {
        String version = random.nextDouble() < strictness ? " < 3" : " >= 1";
        return "(" + what + " with " + (random.nextInt(8) == 0 ? name() : what + version) + ")";
    }

    private String operand(int depth) {
        return depth > 0 && random.nextInt(4) == 0 ? rich(depth - 1) : versioned();
    }

    private String richConflict() {
        String a = versioned();
        return switch (random.nextInt(4)) {
            case 0 -> "(" + a + " and " + versioned() + ")";
            case 1 -> "(" + a + " unless " + name() + ")";
            case 2 -> "(" + a + " unless " + name() + " else " + name() + ")";
            default -> "(" + a + " or " + versioned() + ")";
        };
    }

    private String versioned() {
        String what = random.nextInt(3) == 0 ? capability() : name();
        return random.nextDouble() < strictness ? what + " " + operator() + " " + evr() : what;
    }

    private String versionedName() {
        return random.nextInt(3) == 0 ? name() : name() + " < " + evr();
    }

    private String provided() {
        return switch (random.nextInt(8)) {
            case 0 -> capability();
            case 1 -> capability() + " <= " + evr();
            case 2 -> capability() + " < " + evr();
            case 3 -> capability() + " >= " + evr();
            case 4 -> name();
            case 5 -> capability() + " = " + (random.nextBoolean() ? "abcd" : "cafe12");
            default -> capability() + " = " + evr();
        };
    }

    private String capability() {
        return "cap" + random.nextInt(capabilities());
    }

    private String name() {
        int number = random.nextInt(names);
        return "p" + letter(number) + number;
    }

    /** Names do not sort as packages are listed. */
    private static char letter(int number) {
        return (char) ('a' + (number * 7 + 3) % 26);
    }

    private String file() {
        return (random.nextBoolean() ? "/usr/bin/f" : "/usr/share/g") + random.nextInt(FILES);
    }

    private String operator() {
        return OPERATORS.get(random.nextInt(OPERATORS.size()));
    }

    private String evr() {
        return (random.nextInt(15) == 0 ? "1:" : "") + version() + (random.nextInt(3) == 0 ? "-" + release() : "");
    }

    private String version() {
        return VERSIONS.get(random.nextInt(VERSIONS.size()));
    }

    private String release() {
        return random.nextInt(3) == 0 ? "2.br1" : "1";
    }

    private String arch() {
        return switch (random.nextInt(40)) {
            case 0 -> "aarch64";
            case 1 -> "i686";
            case 2, 3, 4 -> "noarch";
            default -> "x86_64";
        };
    }
}
