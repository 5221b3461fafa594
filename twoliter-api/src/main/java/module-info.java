/**
 * What a user of Twoliter for Java writes and reads: specifications and their builders, values, plans, events, errors
 * and the interfaces that extensions implement. It holds no implementation; add {@code twoliter-core} to run anything.
 *
 * @uses dev.twoliter.api.spi.TwoliterRuntime the implementation
 */
module dev.twoliter.api {
    requires static transitive org.jspecify;

    exports dev.twoliter.api;
    exports dev.twoliter.api.event;
    exports dev.twoliter.api.plan;
    exports dev.twoliter.api.spi;

    uses dev.twoliter.api.spi.TwoliterRuntime;
}
