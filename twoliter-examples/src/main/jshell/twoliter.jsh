// Startup file for JShell:  jshell --class-path 'LIB/*' --startup DEFAULT --startup twoliter.jsh
import dev.twoliter.api.*;
import dev.twoliter.api.event.*;
import dev.twoliter.api.plan.*;
import static dev.twoliter.api.Arch.*;
import static dev.twoliter.api.ImageFeature.*;

// The project that the working directory is in.
Project here() {
    return Twoliter.open(Path.of("."));
}

// A listener that prints a line for every step:  plan.run(run -> run.listener(console()))
BuildListener console() {
    return event -> {
        if (event instanceof BuildEvent.StepFinished done) {
            System.out.println("done   " + done.step() + "  " + done.took().toMillis() + " ms");
        } else if (event instanceof BuildEvent.StepSkipped skipped) {
            System.out.println("same   " + skipped.step());
        } else if (event instanceof BuildEvent.StepFailed failed) {
            System.out.println("failed " + failed.step() + ": " + failed.message());
        } else if (event instanceof BuildEvent.Warning warning) {
            System.out.println("warning " + warning.step() + ": " + warning.message());
        }
    };
}
