package dev.twoliter.core.internal.kmod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An index of kmod, version 2.1 of its format (libkmod-index.h): a radix trie from keys to values with priorities. All
 * numbers are big-endian. The file has a magic number, the version, the root's offset, and the nodes, children before
 * parents. A node has a prefix with a zero byte; the first and the last character of its children, and an offset for each
 * character between; and its values. The top bits of an offset say which of the three there are. Not thread-safe.
 */
final class IndexTrie {
    private static final int MAGIC = 0xB007F457;
    private static final int VERSION = 0x00020001;
    private static final int HEADER = 12;
    private static final int HAS_PREFIX = 0x80000000;
    private static final int HAS_VALUES = 0x40000000;
    private static final int HAS_CHILDREN = 0x20000000;

    private record Value(String text, int priority) {}

    private static final class Node {
        private String prefix;
        private TreeMap<Character, Node> children = new TreeMap<>();
        private List<Value> values = new ArrayList<>();

        Node(String prefix) {
            this.prefix = prefix;
        }
    }

    private final Node root = new Node("");

    /** Adds a value; of the same priority, the last one comes first, as depmod writes them. */
    void add(String key, String value, int priority) {
        Node node = root;
        String rest = key;
        while (true) {
            int common = common(node.prefix, rest);
            if (common < node.prefix.length()) {
                split(node, common);
            }
            rest = rest.substring(common);
            if (rest.isEmpty()) {
                break;
            }
            char next = rest.charAt(0);
            String tail = rest.substring(1);
            node = node.children.computeIfAbsent(next, c -> new Node(tail));
            rest = tail;
        }
        int at = 0;
        while (at < node.values.size() && node.values.get(at).priority() < priority) {
            at++;
        }
        node.values.add(at, new Value(value, priority));
    }

    private static int common(String one, String other) {
        int length = 0;
        while (length < one.length() && length < other.length() && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private static void split(Node node, int at) {
        Node lower = new Node(node.prefix.substring(at + 1));
        lower.children = node.children;
        lower.values = node.values;
        char branch = node.prefix.charAt(at);
        node.prefix = node.prefix.substring(0, at);
        node.children = new TreeMap<>();
        node.values = new ArrayList<>();
        node.children.put(branch, lower);
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[HEADER]);
        int start = write(root, out);
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes).putInt(MAGIC).putInt(VERSION).putInt(start);
        return bytes;
    }

    /** Keys are bounded in length by what a modinfo section holds, and so is the depth. */
    private static int write(Node node, ByteArrayOutputStream out) {
        int[] offsets = new int[0];
        if (!node.children.isEmpty()) {
            char first = node.children.firstKey();
            offsets = new int[node.children.lastKey() - first + 1];
            for (var child : node.children.entrySet()) {
                offsets[child.getKey() - first] = write(child.getValue(), out);
            }
        }
        int offset = out.size();
        if (!node.prefix.isEmpty()) {
            out.writeBytes(node.prefix.getBytes(ISO_8859_1));
            out.write(0);
            offset |= HAS_PREFIX;
        }
        if (offsets.length > 0) {
            out.write(node.children.firstKey());
            out.write(node.children.lastKey());
            for (int child : offsets) {
                putInt(out, child);
            }
            offset |= HAS_CHILDREN;
        }
        if (!node.values.isEmpty()) {
            putInt(out, node.values.size());
            for (Value value : node.values) {
                putInt(out, value.priority());
                out.writeBytes(value.text().getBytes(ISO_8859_1));
                out.write(0);
            }
            offset |= HAS_VALUES;
        }
        return offset;
    }

    private static void putInt(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }
}
