package dev.twoliter.rpm.repo;

/** Hears how work on a repository goes. It is called by one thread at a time, and should be quick. */
@FunctionalInterface
public interface RepoProgress {
    /**
     * A package is done.
     *
     * @param done how many are done, from 1 to {@code total}
     * @param total how many there are
     */
    void onPackage(int done, int total);
}
