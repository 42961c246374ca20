package io.grandstand.gateway.auth;

/// What became of a token.
///
/// @param <T> the claims of a good one
public sealed interface Verdict<T> {
    /// The token is good.
    record Valid<T>(T claims) implements Verdict<T> {}

    /// The token was good once: its holder should fetch a new one.
    record Expired<T>() implements Verdict<T> {}

    /// The token was never good.
    ///
    /// @param reason for the log, never for the client: what is wrong, on one line, without the
    ///   token itself
    record Invalid<T>(String reason) implements Verdict<T> {}

    /// Nobody can say now, as the keys cannot be had: a temporary error, the client should come
    /// back.
    record Unavailable<T>() implements Verdict<T> {}
}
