package dev.twoliter.rpm.internal.sqlite;

import java.util.Arrays;

/**
 * One page of a b-tree that is being filled (fileformat2, 1.6).
 *
 * <pre>
 * type u8 | first free block u16 = 0 | cells u16 | start of cells u16 | fragments u8 = 0 | interior pages: right child u32
 * pointers to the cells, u16 each, in order of their keys
 * free space
 * cells, the first one last
 * </pre>
 *
 * Not thread-safe.
 */
final class PageBuilder {
    static final int TABLE_LEAF = 0x0D;
    static final int TABLE_INTERIOR = 0x05;
    static final int INDEX_LEAF = 0x0A;
    static final int INDEX_INTERIOR = 0x02;

    private final byte[] page = new byte[Pages.SIZE];
    private final int start;
    private final int type;
    private final int headerBytes;
    private int cells;
    private int content = Pages.SIZE;

    PageBuilder(int type) {
        this(type, 0);
    }

    /** The first page has a header of 100 bytes before all else. */
    PageBuilder(int type, int start) {
        this.type = type;
        this.start = start;
        this.headerBytes = type == TABLE_LEAF || type == INDEX_LEAF ? 8 : 12;
    }

    int cells() {
        return cells;
    }

    /** Adds a cell if there is room for it and its pointer. */
    boolean add(byte[] cell) {
        int pointer = start + headerBytes + 2 * cells;
        // A cell takes at least four bytes, so that it can become a free block.
        int size = Math.max(cell.length, 4);
        if (content - size < pointer + 2) {
            return false;
        }
        content -= size;
        System.arraycopy(cell, 0, page, content, cell.length);
        put16(pointer, content);
        cells++;
        return true;
    }

    /** Takes the last cell back; its length has to be told. */
    void removeLast(byte[] cell) {
        int size = Math.max(cell.length, 4);
        Arrays.fill(page, content, content + size, (byte) 0);
        content += size;
        cells--;
        put16(start + headerBytes + 2 * cells, 0);
    }

    byte[] finish() {
        page[start] = (byte) type;
        put16(start + 3, cells);
        put16(start + 5, content);
        return page;
    }

    byte[] finish(int rightChild) {
        put16(start + 8, rightChild >>> 16);
        put16(start + 10, rightChild);
        return finish();
    }

    private void put16(int at, int value) {
        page[at] = (byte) (value >>> 8);
        page[at + 1] = (byte) value;
    }
}
