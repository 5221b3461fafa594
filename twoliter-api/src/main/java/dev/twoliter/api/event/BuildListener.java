package dev.twoliter.api.event;

/**
 * Is told what happens. For one build the calls come one at a time, on a thread of the build, in this order:
 *
 * <pre>
 * BuildStarted Warning*
 * ( StepStarted ( StepProgress | StepOutput | TransferProgress | CredentialsResolved | Warning )*
 *   ( StepFinished | StepFailed )
 * | StepSkipped | StepFailed )*
 * BuildFinished
 * </pre>
 *
 * Steps interleave. A slow listener slows the build. What it throws is logged once and does not stop the build. After
 * the call that started the work has returned, nothing more arrives.
 */
@FunctionalInterface
public interface BuildListener {

    /** Ignores everything. */
    BuildListener NONE = event -> {};

    /**
     * Is told of one event.
     *
     * @param event what happened
     */
    void onEvent(BuildEvent event);
}
