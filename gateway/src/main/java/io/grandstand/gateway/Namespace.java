package io.grandstand.gateway;

import java.util.regex.Pattern;

/// What clients may do with one topic.
///
/// @param name the part of a channel before its key: two or more of `-a-zA-Z0-9_`
/// @param topic the Kafka topic behind it; often the same word
/// @param mode what a new subscriber gets first
/// @param subscribe who may subscribe
/// @param publish who may publish
/// @param key where the key of a publish comes from
public record Namespace(
        String name,
        String topic,
        Mode mode,
        Permission subscribe,
        Permission publish,
        KeySource key) {
    private static final Pattern NAME = Pattern.compile("[-a-zA-Z0-9_]{2,}");

    /// What a subscriber gets.
    public enum Mode {
        /// Every record from the subscriber's position on.
        STREAM,
        /// The newest record of the key, then live. For compacted topics.
        LATEST
    }

    /// Who may do something with a channel.
    public enum Permission {
        ANY,
        /// Only the player whose id is the channel's key.
        OWN,
        NONE
    }

    /// Where the key of a published record comes from.
    public enum KeySource {
        /// The channel: `answer:42` has key `42`.
        CHANNEL,
        /// The connection: the channel is the bare namespace, the key is the player.
        PLAYER
    }

    public Namespace {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "namespace '%s': must be two or more of A-Z a-z 0-9 - _".formatted(name));
        }
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("namespace '%s' names no topic".formatted(name));
        }
        if (key == KeySource.PLAYER && subscribe != Permission.NONE) {
            throw new IllegalArgumentException(
                    "namespace '%s': keyed by the player, so it has no channel to subscribe to"
                            .formatted(name));
        }
    }

    /// A namespace named like its topic that players may only read.
    public static Namespace readable(String name, Mode mode, Permission subscribe) {
        return new Namespace(name, name, mode, subscribe, Permission.NONE, KeySource.CHANNEL);
    }

    /// A namespace named like its topic that players may only write.
    public static Namespace writable(String name, Permission publish, KeySource key) {
        return new Namespace(name, name, Mode.STREAM, Permission.NONE, publish, key);
    }
}
