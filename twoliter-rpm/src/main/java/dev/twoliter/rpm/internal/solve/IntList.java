package dev.twoliter.rpm.internal.solve;

import java.util.Arrays;

/** A growing list of numbers. Not thread-safe. */
final class IntList {
    private int[] elements;
    private int size;

    IntList() {
        elements = new int[16];
    }

    IntList(int... initial) {
        elements = initial.length == 0 ? new int[16] : initial.clone();
        size = initial.length;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return elements[index];
    }

    void set(int index, int value) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        elements[index] = value;
    }

    void add(int value) {
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, 2 * size);
        }
        elements[size++] = value;
    }

    void addNew(int value) {
        if (!contains(value)) {
            add(value);
        }
    }

    boolean contains(int value) {
        for (int i = 0; i < size; i++) {
            if (elements[i] == value) {
                return true;
            }
        }
        return false;
    }

    /** Drops all after the first {@code count}. */
    void truncate(int count) {
        size = Math.min(size, count);
    }

    int[] toArray() {
        return Arrays.copyOf(elements, size);
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
