package dev.twoliter.rpm.internal.sqlite;

import java.util.ArrayList;
import java.util.List;

/**
 * The b-tree of an index, built from entries in their order. Each entry is in it once: what stands between two pages
 * stands on their parent only.
 */
final class IndexTree {
    private IndexTree() {}

    /** Writes the pages and returns the root's number. */
    static int write(Pages pages, List<byte[]> entries) {
        List<Integer> children = List.of();
        List<byte[]> level = entries;
        do {
            List<Integer> written = new ArrayList<>();
            level = write(pages, level, children, written);
            children = written;
        } while (children.size() > 1);
        return children.get(0);
    }

    /** Writes one level and returns the entries that stand between its pages; without children, of leaves. */
    private static List<byte[]> write(
            Pages pages, List<byte[]> entries, List<Integer> children, List<Integer> written) {
        boolean leaves = children.isEmpty();
        List<byte[]> between = new ArrayList<>();
        int next = 0;
        while (true) {
            PageBuilder page = new PageBuilder(leaves ? PageBuilder.INDEX_LEAF : PageBuilder.INDEX_INTERIOR);
            while (next < entries.size() && page.add(cell(entries, children, next))) {
                next++;
            }
            boolean last = next == entries.size();
            if (next == entries.size() - 1) {
                // The entry that does not fit would be between this page and one without entries.
                next--;
                page.removeLast(cell(entries, children, next));
            }
            written.add(pages.add(leaves ? page.finish() : page.finish(children.get(next))));
            if (last) {
                return between;
            }
            between.add(entries.get(next++));
        }
    }

    private static byte[] cell(List<byte[]> entries, List<Integer> children, int i) {
        byte[] entry = entries.get(i);
        return children.isEmpty()
                ? entry
                : new Bytes()
                        .bigEndian(children.get(i), 4)
                        .add(entry, 0, entry.length)
                        .toArray();
    }
}
