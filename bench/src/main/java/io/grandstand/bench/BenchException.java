package io.grandstand.bench;

/// The run cannot go on; the message is a sentence for the person at the keyboard.
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchException(String sentence) {
        super(sentence);
    }

    BenchException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
