package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Registries of 40 kits with 200 versions each, in shapes that are easy, usual, and as hard as could be thought of. */
final class LargeRegistries {

    static final int KITS = 40;
    static final int VERSIONS = 200;

    /**
     * One registry.
     *
     * @param solvable whether kits fit together; null where the generator does not know
     */
    record Large(Shelf shelf, List<Wanted> wanted, Optional<Boolean> solvable) {}

    private interface Needs {
        /** Adds what a version of a kit needs; returns the number of its SDK. */
        int of(int kit, int version, List<ImageDependency> needs);
    }

    private LargeRegistries() {}

    static Map<String, Large> all() {
        Map<String, Large> all = new LinkedHashMap<>();
        all.put("everything newest fits", large(KITS, Optional.of(true), (kit, version, needs) -> 1));
        all.put(
                "an SDK a tenth of the versions",
                large(KITS, Optional.of(true), (kit, version, needs) -> version / 20));
        all.put("all newest need an SDK of their own", farBack(11, true));
        all.put("a common SDK only at the very first version", farBack(1, true));
        all.put("no common SDK", farBack(0, false));
        all.put("pairwise windows of SDKs, none common", windows());
        all.put("stairs: each kit pins the next one at an older version", stairs(true));
        all.put("stairs that lead below the first version", stairs(false));
        all.put("diamonds with transitive pins", diamonds(1, 3));
        all.put("diamonds with many transitive pins", diamonds(2, 8));
        for (int i = 0; i < 4; i++) {
            all.put("random pins, few, " + i, random(100 + i, 0.5, 30));
            all.put("random pins, many, " + i, random(200 + i, 3, 10));
            all.put("random pins to near versions, " + i, near(300 + i));
        }
        all.put("colouring: 3 colours and a random graph", colouring(40, 3, 80, 5));
        all.put("colouring: 4 colours and a dense random graph", colouring(20, 4, 90, 6));
        all.put("pigeons: 6 into 5 holes", pigeons(6, 5));
        all.put("pigeons: 8 into 7 holes", pigeons(8, 7));
        return all;
    }

    /** {@return what is out of proportion to any project, to see where the end is} */
    static Map<String, Large> beyond() {
        Map<String, Large> beyond = new LinkedHashMap<>();
        beyond.put("colouring: 4 colours, 40 kits and 170 between them", colouring(40, 4, 170, 6));
        beyond.put("pigeons: 9 into 8 holes", pigeons(9, 8));
        return beyond;
    }

    private static Large large(int direct, Optional<Boolean> solvable, Needs needs) {
        Shelf shelf = new Shelf();
        for (int kit = 0; kit < KITS; kit++) {
            for (int version = 1; version <= VERSIONS; version++) {
                List<ImageDependency> pins = new ArrayList<>();
                int sdk = needs.of(kit, version, pins);
                shelf.put(image(kit, version), new Release.Usable(pins, List.of(Shelf.image("sdk", sdk)), Set.of()));
            }
        }
        return new Large(shelf, wanted(shelf, direct), solvable);
    }

    private static List<Wanted> wanted(Shelf shelf, int direct) {
        List<Wanted> wanted = new ArrayList<>();
        for (int kit = 0; kit < direct; kit++) {
            wanted.add(shelf.any(name(kit)));
        }
        return wanted;
    }

    private static String name(int kit) {
        return String.format("kit%02d", kit);
    }

    private static ImageDependency image(int kit, int version) {
        return Shelf.image(name(kit), Math.max(version, 0));
    }

    /** Every version of every kit has its own SDK, but for the oldest ones. */
    private static Large farBack(int common, boolean solvable) {
        return large(
                KITS,
                Optional.of(solvable),
                (kit, version, needs) -> version <= common ? version : 1000 + kit * VERSIONS + version);
    }

    /** Neighbours share SDKs, kits that are far apart do not. */
    private static Large windows() {
        return large(KITS, Optional.of(false), (kit, version, needs) -> kit * 5 + version % 100);
    }

    private static Large stairs(boolean solvable) {
        return large(KITS, Optional.of(solvable), (kit, version, needs) -> {
            if (kit + 1 < KITS) {
                needs.add(image(kit + 1, solvable ? version : version - 6));
            } else if (version > 100) {
                needs.add(image(0, version - 100));
            }
            return 1;
        });
    }

    /** Twenty kits that a project names, and twenty that come with them. */
    private static Large diamonds(int seed, int pins) {
        Random random = new Random(seed);
        return large(KITS / 2, Optional.empty(), (kit, version, needs) -> {
            if (kit < KITS / 2) {
                for (int i = 0; i < pins; i++) {
                    int other = KITS / 2 + (kit + i * 3) % (KITS / 2);
                    needs.add(image(other, Math.max(1, version - random.nextInt(4) * 3)));
                }
            } else if (kit + 1 < KITS) {
                needs.add(image(kit + 1, Math.max(1, version / 10 * 10)));
            }
            return version / 50;
        });
    }

    private static Large random(int seed, double pins, int spread) {
        Random random = new Random(seed);
        return large(KITS, Optional.empty(), (kit, version, needs) -> {
            for (int other = 0; other < KITS; other++) {
                if (other != kit && random.nextDouble() * KITS < pins) {
                    needs.add(image(other, 1 + random.nextInt(VERSIONS)));
                }
            }
            return version / spread;
        });
    }

    private static Large near(int seed) {
        Random random = new Random(seed);
        return large(KITS, Optional.empty(), (kit, version, needs) -> {
            for (int other = kit + 1; other < KITS; other++) {
                if (random.nextInt(10) == 0) {
                    needs.add(image(other, Math.max(1, Math.min(VERSIONS, version - random.nextInt(3)))));
                }
            }
            return (version + random.nextInt(3)) / 10;
        });
    }

    /**
     * A graph to colour: a version is a colour, and a kit for each edge, one version for each pair of colours, allows the
     * pairs that differ.
     */
    private static Large colouring(int nodes, int colours, int edges, int seed) {
        Random random = new Random(seed);
        Shelf shelf = new Shelf();
        for (int node = 0; node < nodes; node++) {
            for (int colour = 1; colour <= colours; colour++) {
                plain(shelf, name(node), colour);
            }
        }
        List<String> names = new ArrayList<>();
        for (int edge = 0; edge < edges; edge++) {
            int a = random.nextInt(nodes);
            int b = (a + 1 + random.nextInt(nodes - 1)) % nodes;
            names.add(different(shelf, "edge" + edge, a, b, colours));
        }
        List<Wanted> wanted = wanted(shelf, nodes);
        names.forEach(name -> wanted.add(shelf.any(name)));
        return new Large(shelf, wanted, Optional.empty());
    }

    /** What resolution is known to be bad at: more pigeons than holes. */
    private static Large pigeons(int pigeons, int holes) {
        Shelf shelf = new Shelf();
        List<String> names = new ArrayList<>();
        for (int pigeon = 0; pigeon < pigeons; pigeon++) {
            for (int hole = 1; hole <= holes; hole++) {
                plain(shelf, name(pigeon), hole);
            }
            for (int other = 0; other < pigeon; other++) {
                names.add(different(shelf, "pair" + pigeon + "-" + other, pigeon, other, holes));
            }
        }
        List<Wanted> wanted = wanted(shelf, pigeons);
        names.forEach(name -> wanted.add(shelf.any(name)));
        return new Large(shelf, wanted, Optional.of(pigeons <= holes));
    }

    private static void plain(Shelf shelf, String kit, int version) {
        shelf.put(Shelf.image(kit, version), new Release.Usable(List.of(), List.of(Shelf.image("sdk", 1)), Set.of()));
    }

    private static String different(Shelf shelf, String name, int a, int b, int values) {
        int version = 1;
        for (int one = 1; one <= values; one++) {
            for (int other = 1; other <= values; other++) {
                if (one != other) {
                    shelf.put(
                            Shelf.image(name, version++),
                            new Release.Usable(
                                    List.of(image(a, one), image(b, other)), List.of(Shelf.image("sdk", 1)), Set.of()));
                }
            }
        }
        return name;
    }
}
