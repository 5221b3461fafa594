package dev.twoliter.core.internal.disk.tree;

import java.util.Objects;

/**
 * What a file system knows about an entry besides its type and content. Immutable.
 *
 * @param mode the permission bits with set-user-ID, set-group-ID and sticky: 0 to 07777
 * @param uid the owner, not negative
 * @param gid the group, not negative
 * @param mtime the time of last modification, seconds since 1970, not negative
 * @param xattrs the extended attributes
 */
public record Attributes(int mode, int uid, int gid, long mtime, Xattrs xattrs) {
    /** Checks the ranges. */
    public Attributes {
        if ((mode & ~07777) != 0) {
            throw new IllegalArgumentException("mode has bits beyond 07777: " + Integer.toOctalString(mode));
        }
        if (uid < 0 || gid < 0 || mtime < 0) {
            throw new IllegalArgumentException("negative owner, group or time: " + uid + ", " + gid + ", " + mtime);
        }
        Objects.requireNonNull(xattrs, "xattrs");
    }

    /**
     * Attributes of something that belongs to root and has no extended attributes.
     *
     * @param mode the permission bits
     * @param mtime seconds since 1970
     * @return the attributes
     */
    public static Attributes root(int mode, long mtime) {
        return new Attributes(mode, 0, 0, mtime, Xattrs.NONE);
    }

    /**
     * Changes the permission bits.
     *
     * @param newMode the permission bits
     * @return the changed copy
     */
    public Attributes withMode(int newMode) {
        return new Attributes(newMode, uid, gid, mtime, xattrs);
    }

    /**
     * Changes the time.
     *
     * @param newMtime seconds since 1970
     * @return the changed copy
     */
    public Attributes withMtime(long newMtime) {
        return new Attributes(mode, uid, gid, newMtime, xattrs);
    }

    /**
     * Changes the extended attributes.
     *
     * @param newXattrs all of them
     * @return the changed copy
     */
    public Attributes withXattrs(Xattrs newXattrs) {
        return new Attributes(mode, uid, gid, mtime, newXattrs);
    }

    boolean samePermissions(Attributes other) {
        return withMtime(0).equals(other.withMtime(0));
    }
}
