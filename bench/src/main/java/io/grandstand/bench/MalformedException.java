package io.grandstand.bench;

/// A server sent what its protocol does not allow. Ends the run: a benchmark of a broken server
/// means nothing.
final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
        super(message);
    }
}
