package dev.twoliter.core.internal.run;

import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.BuildListener;

/** Tells a listener one event at a time, and survives what it throws. Thread-safe. */
public final class Events {

    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    private final BuildListener listener;
    private boolean complained;

    /**
     * Wraps a listener.
     *
     * @param listener who is told
     */
    public Events(BuildListener listener) {
        this.listener = listener;
    }

    /**
     * Tells of an event.
     *
     * @param event what happened
     */
    public synchronized void send(BuildEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException e) {
            if (!complained) {
                complained = true;
                LOG.log(System.Logger.Level.WARNING, "a build listener failed; it is still called", e);
            }
        }
    }
}
