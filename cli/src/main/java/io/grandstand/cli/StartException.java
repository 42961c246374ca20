package io.grandstand.cli;

/// Something outside keeps the program from running. The message is a sentence or two for the
/// person who started it: what is wrong, and what to do.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    /// Nothing failed before it.
    public StartException(String message) {
        super(message);
    }

    /// Told in our words.
    public StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The cause's message says it all already.
    public StartException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
