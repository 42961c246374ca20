package io.grandstand.events;

/// The bytes are not a valid record of their type. Its catcher sends them to the dead-letter topic.
public final class InvalidRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
