package io.grandstand.bots;

/// Where bots get their sessions from. May block, and may be called for several bots one after the
/// other, on one thread.
@FunctionalInterface
public interface BotSessions {
    /// A session for a bot.
    ///
    /// @param bot its number, from 0
    /// @param name its display name
    BotSession open(int bot, String name);
}
