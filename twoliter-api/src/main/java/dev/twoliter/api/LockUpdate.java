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
     * Writes Twoliter.lock atomically; does nothing when the file already holds exactly this.
     *
     * @throws StorageException if it cannot be written
     */
    void write();
}
