package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RichDependency;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.SolveRepo;
import dev.twoliter.rpm.solve.SolveRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All candidates of a request, by number, and who provides what. Packages that the request's architecture cannot run are
 * no candidates; excluded ones are, and so are those of its 32-bit sibling (multilib). They are ruled out later, so that
 * messages know of them and the order of the others is libsolv's. Not thread-safe.
 */
final class Pool {
    private static final int[] NONE = {};

    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, IntList> byCapability = new HashMap<>();
    private final List<Candidate> obsoleting = new ArrayList<>();
    private final Map<String, int[]> providers =
            new HashMap<>(); // by the text, which is faster to hash than the record
    private final Map<RichDependency, int[]> richProviders = new HashMap<>();
    private final Map<String, RichDependency> trees = new HashMap<>();
    private @Nullable Map<String, IntList> byPrimaryFile;
    private @Nullable Map<String, IntList> byFile;

    Pool(SolveRequest request) {
        Excludes excludes = new Excludes(request);
        List<SolveRepo> repos = request.repos().stream()
                .sorted(Comparator.comparing(SolveRepo::priority)) // stable, as dnf loads them
                .toList();
        for (SolveRepo repo : repos) {
            for (RepoPackage pkg : repo.packages()) {
                String arch = pkg.nevra().arch();
                boolean fits = arch.equals(request.arch()) || arch.equals("noarch");
                if (fits || isMultilib(arch, request.arch())) {
                    add(Candidate.of(candidates.size() + 1, pkg, repo, excludes.contain(pkg), !fits));
                }
            }
        }
    }

    /** An x86_64 system could run these too, so dnf knows of them; we never choose them. */
    private static boolean isMultilib(String arch, String of) {
        return of.equals("x86_64") && (arch.matches("i[3-6]86") || arch.equals("athlon"));
    }

    private void add(Candidate candidate) {
        candidates.add(candidate);
        if (!candidate.pkg().obsoletes().isEmpty()) {
            obsoleting.add(candidate);
        }
        for (Relation provide : candidate.provides()) {
            put(byCapability, provide.name(), candidate.id());
        }
    }

    private static void put(Map<String, IntList> index, String key, int id) {
        IntList list = index.computeIfAbsent(key, k -> new IntList());
        if (list.isEmpty() || list.get(list.size() - 1) != id) {
            list.add(id);
        }
    }

    int size() {
        return candidates.size();
    }

    Candidate get(int id) {
        return candidates.get(id - 1);
    }

    List<Candidate> all() {
        return candidates;
    }

    /** {@return the candidates that obsolete anything} */
    List<Candidate> obsoleting() {
        return obsoleting;
    }

    /** {@return who provides a capability in any version, in the order of their numbers} */
    int[] anyVersion(String capability) {
        IntList list = byCapability.get(capability);
        return list == null ? NONE : list.toArray();
    }

    /** {@return the packages of a name} */
    int[] named(String name) {
        IntList list = new IntList();
        for (int id : anyVersion(name)) {
            if (get(id).name().equals(name)) {
                list.add(id);
            }
        }
        return list.toArray();
    }

    /** {@return the packages of which each alone satisfies a dependency that is not rich, in the order of their numbers} */
    int[] providers(Relation wanted) {
        return providers.computeIfAbsent(wanted.toString(), text -> find(wanted));
    }

    private int[] find(Relation wanted) {
        BitSet found = new BitSet();
        for (int id : anyVersion(wanted.name())) {
            for (Relation provide : get(id).provides()) {
                if (provide.name().equals(wanted.name()) && Versions.meet(wanted, provide)) {
                    found.set(id);
                    break;
                }
            }
        }
        if (wanted.name().startsWith("/")) {
            for (int id : owners(wanted.name())) {
                found.set(id);
            }
        }
        return found.stream().toArray();
    }

    /**
     * Primary lists all files of some places, so only a path elsewhere needs filelists, which are large
     * (rpm-oci.md 2). With them, it is dnf 4's answer.
     */
    private int[] owners(String path) {
        boolean isPrimary = path.startsWith("/etc/") || path.contains("bin/") || path.equals("/usr/lib/sendmail");
        Map<String, IntList> index = isPrimary ? byPrimaryFile : byFile;
        if (index == null) {
            index = new HashMap<>();
            for (Candidate candidate : candidates) {
                for (String file : isPrimary
                        ? candidate.pkg().primaryFiles()
                        : candidate.pkg().files()) {
                    put(index, file, candidate.id());
                }
            }
            if (isPrimary) {
                byPrimaryFile = index;
            } else {
                byFile = index;
            }
        }
        IntList list = index.get(path);
        return list == null ? NONE : list.toArray();
    }

    /** {@return the tree of a dependency} */
    RichDependency tree(Relation relation) {
        return relation.isRich()
                ? trees.computeIfAbsent(relation.name(), text -> RichDependency.of(relation))
                : new RichDependency.Simple(relation);
    }

    /** {@return the packages of which each alone satisfies a dependency without conditions and {@code and}} */
    int[] providers(RichDependency wanted) {
        if (wanted instanceof RichDependency.Simple simple) {
            return providers(simple.relation());
        }
        int[] known = richProviders.get(wanted);
        if (known == null) {
            known = combine((RichDependency.Chain) wanted);
            richProviders.put(wanted, known);
        }
        return known;
    }

    private int[] combine(RichDependency.Chain chain) {
        BitSet found = bits(providers(chain.operands().get(0)));
        for (RichDependency operand :
                chain.operands().subList(1, chain.operands().size())) {
            BitSet others = bits(providers(operand));
            switch (chain.operator()) {
                case OR -> found.or(others);
                case WITH -> found.and(others);
                case WITHOUT -> found.andNot(others);
                case AND -> throw new IllegalArgumentException("no package alone satisfies " + chain);
            }
        }
        return found.stream().toArray();
    }

    private static BitSet bits(int[] ids) {
        BitSet bits = new BitSet();
        Arrays.stream(ids).forEach(bits::set);
        return bits;
    }

    /** {@return whether a dependency cannot be told by a set of packages of which one is enough} */
    static boolean isComplex(RichDependency dependency) {
        return dependency instanceof RichDependency.Condition
                || (dependency instanceof RichDependency.Chain chain
                        && (chain.operator() == RichDependency.Operator.AND
                                || (chain.operator() == RichDependency.Operator.OR
                                        && chain.operands().stream().anyMatch(Pool::isComplex))));
    }

    /** {@return whether rpm itself has what a dependency asks for} */
    static boolean isOfRpm(RichDependency dependency) {
        return dependency instanceof RichDependency.Simple simple
                && simple.relation().name().startsWith("rpmlib(");
    }
}
