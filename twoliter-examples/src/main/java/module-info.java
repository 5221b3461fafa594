/** Programs on the API: the quick start and the {@code twoliter} command line. Nothing here is part of the library. */
module dev.twoliter.examples {
    requires dev.twoliter.api;
    requires dev.twoliter.oci;
    requires dev.twoliter.rpm;
    requires info.picocli;
    requires com.fasterxml.jackson.databind;

    opens dev.twoliter.examples.cli to
            info.picocli;
}
