package dev.twoliter.core.internal.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A graph of the numbers 0 to n-1, without circles. Not thread-safe. */
final class Digraph {

    private final List<BitSet> next = new ArrayList<>();

    Digraph(int size) {
        for (int i = 0; i < size; i++) {
            next.add(new BitSet());
        }
    }

    int size() {
        return next.size();
    }

    void add(int from, int to) {
        next.get(from).set(to);
    }

    BitSet next(int from) {
        return next.get(from);
    }

    /** {@return its edges turned round} */
    Digraph reverse() {
        Digraph reverse = new Digraph(size());
        for (int from = 0; from < size(); from++) {
            int source = from;
            next(from).stream().forEach(to -> reverse.add(to, source));
        }
        return reverse;
    }

    /** {@return the numbers, each before those that it has edges to} */
    int[] topological() {
        int[] open = new int[size()];
        next.forEach(targets -> targets.stream().forEach(to -> open[to]++));
        ArrayDeque<Integer> ready = new ArrayDeque<>();
        for (int i = 0; i < size(); i++) {
            if (open[i] == 0) {
                ready.add(i);
            }
        }
        int[] order = new int[size()];
        int count = 0;
        while (!ready.isEmpty()) {
            int from = ready.remove();
            order[count++] = from;
            next(from).stream().forEach(to -> {
                if (--open[to] == 0) {
                    ready.add(to);
                }
            });
        }
        if (count != size()) {
            throw new IllegalArgumentException("the graph has a circle");
        }
        return order;
    }

    /** {@return the same graph without each edge that a longer path makes superfluous: its transitive reduction} */
    Digraph reduced() {
        Digraph reduced = new Digraph(size());
        List<BitSet> below = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            below.add(new BitSet());
        }
        int[] order = topological();
        for (int i = size() - 1; i >= 0; i--) {
            int from = order[i];
            BitSet farther = new BitSet();
            next(from).stream().forEach(to -> farther.or(below.get(to)));
            BitSet kept = reduced.next(from);
            kept.or(next(from));
            kept.andNot(farther);
            below.get(from).or(farther);
            below.get(from).or(next(from));
        }
        return reduced;
    }
}
