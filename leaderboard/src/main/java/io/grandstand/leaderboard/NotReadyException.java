package io.grandstand.leaderboard;

/// A partition cannot be read now, because it is being rebuilt or moves to another instance. Asking
/// again shortly makes sense.
final class NotReadyException extends Exception {
    private static final long serialVersionUID = 1;

    NotReadyException(String message) {
        super(message);
    }

    NotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
