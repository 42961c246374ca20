package io.grandstand.quiz;

/// One answer as it counts or not: what was chosen, and when the gateway received it.
///
/// @param receivedAt ms since the epoch, by the gateway's clock
/// @param delayMs how late the viewer's stream is, as the client claims; 0 to `CLAIM_MS_MAX`
record Cast(String option, long receivedAt, int delayMs) {
    /// A longer delay is taken for this one.
    static final int CLAIM_MS_MAX = 600_000;

    /// An answer without a delay.
    Cast(String option, long receivedAt) {
        this(option, receivedAt, 0);
    }

    /// An answer with a claim as the client made it, whatever it is.
    static Cast claiming(String option, long receivedAt, long delayMs) {
        return new Cast(option, receivedAt, (int) Math.clamp(delayMs, 0L, CLAIM_MS_MAX));
    }
}
