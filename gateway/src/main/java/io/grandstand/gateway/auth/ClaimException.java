package io.grandstand.gateway.auth;

/// A claim is not what it must be. The message names it.
final class ClaimException extends Exception {
    private static final long serialVersionUID = 1;

    ClaimException(String message) {
        // No stack trace: clients cause it at will.
        super(message, null, false, false);
    }
}
