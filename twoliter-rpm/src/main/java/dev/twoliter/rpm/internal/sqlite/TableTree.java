package dev.twoliter.rpm.internal.sqlite;

import java.util.ArrayList;
import java.util.List;

/** The b-tree of a table, built from rows in the order of their numbers: leaves first. Not thread-safe. */
final class TableTree {
    /** How many children an interior page gets: so many cells of the greatest size fit, on the first page too. */
    private static final int FAN_OUT = 256;

    /** A page and the highest row number below it. */
    private record Child(int page, long last) {}

    private final Pages pages;
    private final List<Child> leaves = new ArrayList<>();
    private PageBuilder leaf = new PageBuilder(PageBuilder.TABLE_LEAF);
    private long last;

    TableTree(Pages pages) {
        this.pages = pages;
    }

    void add(long rowid, byte[] cell) {
        if (!leaf.add(cell)) {
            endLeaf();
            leaf.add(cell);
        }
        last = rowid;
    }

    /** Lets the next row begin a page. */
    void endLeaf() {
        leaves.add(new Child(pages.add(leaf.finish()), last));
        leaf = new PageBuilder(PageBuilder.TABLE_LEAF);
    }

    /** Writes what is left and returns the root's number. */
    int finish() {
        List<Child> level = allLeaves();
        while (level.size() > 1) {
            level = parents(level);
        }
        return level.get(0).page;
    }

    /** Writes what is left; the root becomes the file's first page, behind a header of so many bytes. */
    void finishInFirstPage(int headerBytes) {
        List<Child> level = allLeaves();
        while (level.size() > FAN_OUT) {
            level = parents(level);
        }
        pages.first(interior(level, headerBytes));
    }

    private List<Child> allLeaves() {
        endLeaf();
        return leaves;
    }

    /** All parents get the same number of children, but for one: so none gets a single one. */
    private List<Child> parents(List<Child> children) {
        int count = (children.size() + FAN_OUT - 1) / FAN_OUT;
        List<Child> parents = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) children.size() * i / count);
            int to = (int) ((long) children.size() * (i + 1) / count);
            List<Child> own = children.subList(from, to);
            parents.add(new Child(pages.add(interior(own, 0)), own.get(own.size() - 1).last));
        }
        return parents;
    }

    private static byte[] interior(List<Child> children, int start) {
        PageBuilder page = new PageBuilder(PageBuilder.TABLE_INTERIOR, start);
        int right = children.size() - 1;
        for (Child child : children.subList(0, right)) {
            page.add(new Bytes().bigEndian(child.page, 4).varint(child.last).toArray());
        }
        return page.finish(children.get(right).page);
    }
}
