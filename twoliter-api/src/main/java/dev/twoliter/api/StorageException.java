package dev.twoliter.api;

import java.io.IOException;
import java.util.Objects;

/** A file cannot be read or written: it is missing, the disk is full, permission is denied. */
public final class StorageException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final String file;

    /**
     * Reports a file.
     *
     * @param file the path
     * @param message the sentence, naming the file
     * @param hint what to do; may be empty
     * @param cause the cause
     */
    public StorageException(String file, String message, String hint, IOException cause) {
        super("storage", message, hint, cause);
        this.file = Objects.requireNonNull(file, "file");
    }

    /**
     * Reports a failed operation in the usual words.
     *
     * @param verb what was tried, such as {@code read}
     * @param file the path
     * @param cause the cause
     * @return the exception
     */
    public static StorageException of(String verb, Object file, IOException cause) {
        String why;
        if (cause instanceof java.nio.file.NoSuchFileException missing) {
            why = String.valueOf(file).equals(missing.getFile())
                    ? "no such file"
                    : "no such file: " + missing.getFile();
        } else if (cause instanceof java.nio.file.AccessDeniedException) {
            why = "permission denied";
        } else {
            why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
        return new StorageException(file.toString(), "cannot " + verb + " " + file + ": " + why, hint(why), cause);
    }

    private static String hint(String why) {
        if (why.endsWith("No space left on device")) {
            return "Make room on that disk and run it again; nothing half-written was kept.";
        }
        return why.equals("permission denied") ? "Check owner and permissions." : "";
    }

    /** {@return the path} */
    public String file() {
        return file;
    }
}
