package dev.twoliter.core.internal.disk.ext4;

/**
 * How a file system's blocks are divided. Groups 0 and 1, and those whose number is a power of 3, 5 or 7, begin with a
 * copy of the super block and of the groups' descriptors. All other metadata lies together at the start of the file
 * system, as with mke2fs's {@code packed_meta_blocks}.
 */
record Geometry(int blockSize, long blocks, int inodesPerGroup, int descriptorSize) {

    /** With 1024 bytes to a block, block 0 is a boot loader's alone. */
    int firstBlock() {
        return blockSize == 1024 ? 1 : 0;
    }

    int blocksPerGroup() {
        return 8 * blockSize;
    }

    int groups() {
        return Math.toIntExact(Ext4Format.blocks(blocks - firstBlock(), blocksPerGroup()));
    }

    long groupStart(int group) {
        return firstBlock() + (long) group * blocksPerGroup();
    }

    int groupBlocks(int group) {
        return (int) Math.min(blocksPerGroup(), blocks - groupStart(group));
    }

    int groupOf(long block) {
        return (int) ((block - firstBlock()) / blocksPerGroup());
    }

    static boolean hasSuper(int group) {
        return group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
    }

    private static boolean isPower(int number, int base) {
        long power = base;
        while (power < number) {
            power *= base;
        }
        return power == number;
    }

    int descriptorBlocks() {
        return (int) Ext4Format.blocks((long) groups() * descriptorSize, blockSize);
    }

    /** The blocks of the copies at a group's start. */
    int superBlocks(int group) {
        return hasSuper(group) ? 1 + descriptorBlocks() : 0;
    }

    int tableBlocks() {
        return (int) Ext4Format.blocks((long) inodesPerGroup * Ext4Format.INODE_SIZE, blockSize);
    }

    long inodes() {
        return (long) inodesPerGroup * groups();
    }

    /** The first byte of an inode, given the first block of its group's table. */
    long inodePlace(long number, long table) {
        return table * blockSize + (number - 1) % inodesPerGroup * Ext4Format.INODE_SIZE;
    }
}
