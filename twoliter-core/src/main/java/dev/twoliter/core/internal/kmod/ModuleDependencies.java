package dev.twoliter.core.internal.kmod;

import dev.twoliter.api.FormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which modules must be there before another one can be loaded: those that export what it needs. In the order of depmod,
 * in which a module comes before what it needs.
 */
final class ModuleDependencies {
    private static final int SHOWN = 5;

    /** What the loader itself gives to a module. */
    private static final Set<String> FROM_LOADER = Set.of("__this_module", ".TOC.");

    private final List<KernelModule> modules;
    private final Map<String, Integer> owners = new LinkedHashMap<>();
    private final List<List<Integer>> direct = new ArrayList<>();
    private final int[] order;

    /**
     * Works them out.
     *
     * @param modules by priority
     * @param kernel the symbols that the kernel exports
     * @throws FormatException if a module needs what nobody has, or modules need each other in a circle
     */
    ModuleDependencies(List<KernelModule> modules, Set<String> kernel) {
        this.modules = modules;
        this.order = new int[modules.size()];
        for (int i = 0; i < modules.size(); i++) {
            for (String symbol : modules.get(i).exports()) {
                owners.put(symbol, i);
            }
        }
        Map<String, String> unknown = new LinkedHashMap<>();
        for (int i = 0; i < modules.size(); i++) {
            Set<Integer> needs = new LinkedHashSet<>();
            for (KernelModule.Need need : modules.get(i).needs()) {
                Integer owner = owners.get(need.symbol());
                if (owner != null && owner != i) {
                    needs.add(owner);
                } else if (owner == null
                        && !need.weak()
                        && !kernel.contains(need.symbol())
                        && !FROM_LOADER.contains(need.symbol())) {
                    unknown.putIfAbsent(need.symbol(), modules.get(i).path());
                }
            }
            direct.add(new ArrayList<>(needs));
        }
        requireAll(unknown);
        sort();
    }

    private static void requireAll(Map<String, String> unknown) {
        if (!unknown.isEmpty()) {
            String some = unknown.entrySet().stream()
                    .limit(SHOWN)
                    .map(entry -> entry.getValue() + " needs " + entry.getKey())
                    .collect(Collectors.joining(", "));
            throw new FormatException(
                    unknown.values().iterator().next(),
                    "neither the kernel nor another module has what kernel modules need: " + some
                            + (unknown.size() > SHOWN ? " and " + (unknown.size() - SHOWN) + " more" : ""),
                    "Build the modules for this very kernel, or leave their packages out.",
                    null);
        }
    }

    /** Modules that nobody waits for come first, the last found before the others. */
    private void sort() {
        int[] users = new int[modules.size()];
        direct.forEach(needs -> needs.forEach(need -> users[need]++));
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < users.length; i++) {
            if (users[i] == 0) {
                free.push(i);
            }
        }
        Arrays.fill(order, -1);
        int sorted = 0;
        while (!free.isEmpty()) {
            int next = free.pop();
            order[next] = sorted++;
            for (int need : direct.get(next)) {
                if (--users[need] == 0) {
                    free.push(need);
                }
            }
        }
        if (sorted < modules.size()) {
            String circle = modules.stream()
                    .filter(module -> order[modules.indexOf(module)] < 0)
                    .limit(SHOWN)
                    .map(KernelModule::path)
                    .collect(Collectors.joining(", "));
            throw new FormatException(circle, "these kernel modules need each other, so none of them can be loaded");
        }
    }

    /** {@return the symbols that modules export, with the number of the module that a loader takes them from} */
    Map<String, Integer> owners() {
        return new HashMap<>(owners);
    }

    /** {@return everything that a module needs, in the order of depmod} */
    Collection<KernelModule> of(int module) {
        Set<Integer> all = new HashSet<>();
        Deque<Integer> ahead = new ArrayDeque<>(direct.get(module));
        while (!ahead.isEmpty()) {
            int next = ahead.pop();
            if (all.add(next)) {
                ahead.addAll(direct.get(next));
            }
        }
        return all.stream()
                .sorted(Comparator.comparingInt(one -> order[one]))
                .map(modules::get)
                .toList();
    }
}
