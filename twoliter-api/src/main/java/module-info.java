/**
 * What a user of Twoliter for Java writes and reads: specifications and their builders, values, plans, events, errors
 * and the interfaces that extensions implement. It holds no implementation; add {@code twoliter-core} to run anything.
 */
module dev.twoliter.api {
    requires static transitive org.jspecify;

    exports dev.twoliter.api;
}
