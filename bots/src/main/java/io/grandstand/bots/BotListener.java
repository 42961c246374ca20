package io.grandstand.bots;

import io.grandstand.events.Answer;
import io.grandstand.events.Result;

/// What bots do and hear, for those who check on it. Called on event loops; must not block.
public interface BotListener {
    /// For those who do not.
    BotListener NONE = new BotListener() {};

    /// The gateway has acknowledged a bot's answer.
    default void answered(int bot, String player, Answer answer) {}

    /// A bot got a receipt or a score.
    default void heard(int bot, String player, Result result) {}
}
