package dev.twoliter.api;

import java.util.List;
import java.util.Optional;

/**
 * A resolved lock that is not written yet: look, then {@link #write()}. Not for implementing by users. Thread-safe.
 */
public interface LockUpdate {

    /** {@return what was resolved} */
    Lock lock();

    /** {@return what is on disk; empty when there is no lock, or none of a form that can be read} */
    Optional<Lock> previous();

    /** {@return the differences between the two; empty when nothing would change} */
    List<LockChange> changes();

    /**
     * {@return the kits of Twoliter.toml that could have been newer, and why they are not; in the order of Twoliter.toml.
     * Only of kits that had a choice}
     */
    List<HeldBack> heldBack();

    /** {@return what {@link #write()} changes in Twoliter.toml; only an upgrade changes anything there} */
    List<VersionEdit> edits();

    /**
     * Writes Twoliter.lock, and before it what changes in Twoliter.toml: both or none. Each file appears whole, and one
     * that already holds what it should is left alone. Should the machine stop between the two, the lock is stale, which
     * the next update mends. After edits, the project has to be opened again.
     *
     * @throws StorageException if a file cannot be written; both are then as they were
     * @throws InvalidProjectException if Twoliter.toml has changed since the project was opened
     */
    void write();
}
