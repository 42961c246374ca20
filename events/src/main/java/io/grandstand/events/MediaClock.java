package io.grandstand.events;

/// Where a match's media stream stood at a moment of the server's clock, at its very source. Topic
/// `media-clock`, keyed by match; each record replaces the one before.
///
/// The stream runs on in real time from there. A player that shows position `p` at server time `t`
/// is `mediaAt(t) - p` behind the source: that is the viewer's delay.
///
/// @param mediaMs the media timestamp, in ms; 0 or more
/// @param at when the source stood there, ms since the epoch, server clock
public record MediaClock(String match, long mediaMs, long at) {
    public MediaClock {
        Check.id("match", match);
        Check.range("mediaMs", mediaMs, 0, Long.MAX_VALUE);
        Check.range("at", at, 1, Long.MAX_VALUE);
    }

    /// The media timestamp at the source at this moment of the server's clock.
    public long mediaAt(long serverMs) {
        return mediaMs + (serverMs - at);
    }

    /// How far a player is behind the source, in ms. Below 0 for one that claims to be ahead of it.
    ///
    /// @param positionMs the media timestamp the player shows
    /// @param serverMs when, by the server's clock
    public long delayMs(long positionMs, long serverMs) {
        return mediaAt(serverMs) - positionMs;
    }
}
