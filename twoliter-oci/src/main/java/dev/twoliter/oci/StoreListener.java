package dev.twoliter.oci;

/**
 * Is told what happens between a store and its registry, on the threads that do it, several at once. What it throws ends
 * what is being done.
 */
@FunctionalInterface
public interface StoreListener {

    /** Ignores everything. */
    StoreListener NONE = event -> {};

    /**
     * Is told of one event.
     *
     * @param event what happened
     */
    void onEvent(StoreEvent event);
}
