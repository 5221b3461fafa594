package dev.twoliter.examples.cli;

/** How much is told on standard error. */
enum LogLevel {
    /** Errors only. */
    ERROR,
    /** And warnings. */
    WARN,
    /** And a line for every step. */
    INFO,
    /** And what steps do and print, and the stack trace of an error. */
    DEBUG;

    boolean shows(LogLevel level) {
        return compareTo(level) >= 0;
    }
}
