package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.DIRENT_SIZE;

import dev.twoliter.core.internal.disk.tree.TreeNode;
import dev.twoliter.core.internal.disk.tree.TreeNode.Name;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Encodes a directory: its names, with {@code .} and {@code ..} among them, sorted and divided among blocks. */
final class DirectoryBlocks {
    private DirectoryBlocks() {}

    private static List<Name> names(TreeNode directory) {
        List<Name> names = new ArrayList<>(directory.names());
        names.add(new Name(new byte[] {'.'}, directory));
        names.add(new Name(new byte[] {'.', '.'}, directory.parent()));
        names.sort((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()));
        return names;
    }

    /** Gives the number of names in each block. */
    private static List<Integer> counts(List<Name> names) {
        List<Integer> counts = new ArrayList<>();
        int count = 0;
        int used = 0;
        for (Name name : names) {
            int size = DIRENT_SIZE + name.bytes().length;
            if (used + size > BLOCK) {
                counts.add(count);
                count = 0;
                used = 0;
            }
            count++;
            used += size;
        }
        counts.add(count);
        return counts;
    }

    static long size(TreeNode directory) {
        List<Name> names = names(directory);
        List<Integer> counts = counts(names);
        int last = counts.get(counts.size() - 1);
        long size = (counts.size() - 1L) * BLOCK;
        for (Name name : names.subList(names.size() - last, names.size())) {
            size += DIRENT_SIZE + name.bytes().length;
        }
        return size;
    }

    static byte[] content(TreeNode directory, int size, Function<TreeNode, ErofsNode> nodes, long metadata) {
        ByteBuffer content = ErofsFormat.allocate(size);
        List<Name> names = names(directory);
        Iterator<Name> next = names.iterator();
        int block = 0;
        for (int count : counts(names)) {
            int entry = block;
            int text = block + count * DIRENT_SIZE;
            for (int i = 0; i < count; i++, entry += DIRENT_SIZE) {
                Name name = next.next();
                ErofsNode node = nodes.apply(name.node());
                content.putLong(entry, (node.place - metadata) / ErofsFormat.SLOT);
                content.putShort(entry + 8, (short) (text - block));
                content.put(entry + 10, (byte) node.type.dirent);
                content.put(text, name.bytes());
                text += name.bytes().length;
            }
            block += BLOCK;
        }
        return content.array();
    }
}
