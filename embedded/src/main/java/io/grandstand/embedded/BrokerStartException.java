package io.grandstand.embedded;

import org.jspecify.annotations.Nullable;

/// The broker cannot start. The message is one sentence for the person who started it: what is
/// wrong, where, and what to do.
public final class BrokerStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
