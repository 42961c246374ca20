package io.grandstand.cli;

import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.util.List;

/// Which topics of the game players may reach, and how. Whatever is not listed here cannot be
/// reached: right options, points, names and dead letters among them.
public final class GameChannels {
    private GameChannels() {}

    /// The channels of the message contract (docs/messages.md), each named like its topic.
    public static List<Namespace> namespaces() {
        return List.of(
                readable(Topics.QUESTION, Mode.LATEST, Permission.ANY),
                readable(Topics.SCOREBOARD, Mode.LATEST, Permission.ANY),
                readable(Topics.LEADERBOARD, Mode.LATEST, Permission.ANY),
                readable(Topics.BALL, Mode.STREAM, Permission.ANY),
                readable(Topics.RESULT, Mode.STREAM, Permission.OWN),
                readable(Topics.TOP, Mode.STREAM, Permission.OWN),
                readable(Topics.VOTES, Mode.LATEST, Permission.ANY),
                readable(Topics.MEDIA_CLOCK, Mode.LATEST, Permission.ANY),
                readable(Topics.STATS, Mode.LATEST, Permission.OWN),
                writable(Topics.ANSWER, Permission.OWN, KeySource.CHANNEL),
                writable(Topics.GETTOP, Permission.ANY, KeySource.PLAYER));
    }

    private static Namespace readable(Topic<?> topic, Mode mode, Permission subscribe) {
        return Namespace.readable(topic.name(), mode, subscribe);
    }

    private static Namespace writable(Topic<?> topic, Permission publish, KeySource key) {
        return Namespace.writable(topic.name(), publish, key);
    }
}
