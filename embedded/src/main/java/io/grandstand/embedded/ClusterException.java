package io.grandstand.embedded;

/// A cluster cannot be reached, or does not let us do what we must. The message is one or two
/// sentences for the person who named it: what is wrong, where, and what to check.
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
