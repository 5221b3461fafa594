package dev.twoliter.core.internal.run;

import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.BuildListener;

/**
 * Tells a listener one event at a time, survives what it throws, and is silent after the end. Thread-safe.
 */
public final class Events {

    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    private final BuildListener listener;
    private boolean complained;
    private boolean ended;

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
        if (ended) {
            return;
        }
        // A step that is slow to notice a cancellation has nobody to talk to any more.
        ended = event instanceof BuildEvent.BuildFinished;
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            // Even an error of the listener's, such as a failed assertion, is not one of the build.
            if (!complained) {
                complained = true;
                LOG.log(System.Logger.Level.WARNING, "a build listener failed; it is still called", e);
            }
        }
    }
}
