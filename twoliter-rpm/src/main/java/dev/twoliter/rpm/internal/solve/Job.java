package dev.twoliter.rpm.internal.solve;

/**
 * A word of the request and the candidates that it stands for.
 *
 * @param wanted the word
 * @param candidates one or more, in the order of their numbers
 */
record Job(String wanted, int[] candidates) {}
