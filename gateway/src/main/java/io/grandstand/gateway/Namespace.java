package io.grandstand.gateway;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What clients may do with one topic.
///
/// @param name the part of a channel before its key: two or more of `-a-zA-Z0-9_`; empty for the
///   namespace of channels that name none
/// @param topic the Kafka topic behind it; often the same word
/// @param mode what a new subscriber gets first
/// @param subscribe who may subscribe, read history and see presence
/// @param publish who may publish
/// @param key where the key of a publish comes from
/// @param recoverLimit most records that a subscriber recovers at once or reads as history: a
///   position further back is unrecoverable; 0 for as many as the topic retains
/// @param presence what is known of a channel's subscribers
/// @param joinLeave whether subscribers who ask for it are told who comes and goes; wants presence
///   `FULL`
/// @param shownHeaders record headers that subscribers see as tags `h.NAME`
/// @param showPublisher whether subscribers see who published, where a client did
/// @param publishBytes largest data of a publish; 0 for the connection's limit
/// @param publishesPerSecond publishes of one connection to this namespace in the long run, twice
///   as many at once; 0 for the connection's limit on commands
/// @param schema a JSON Schema that the data of a publish must meet; null for none
public record Namespace(
        String name,
        String topic,
        Mode mode,
        Permission subscribe,
        Permission publish,
        KeySource key,
        int recoverLimit,
        Presence presence,
        boolean joinLeave,
        Set<String> shownHeaders,
        boolean showPublisher,
        int publishBytes,
        int publishesPerSecond,
        @Nullable String schema) {
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
        /// Only who has a token that says so.
        NONE
    }

    /// What is known of a channel's subscribers.
    public enum Presence {
        NONE,
        /// How many there are. For channels of any size.
        COUNTS,
        /// Who they are. For channels of some thousands.
        FULL
    }

    /// Where the key of a published record comes from.
    public enum KeySource {
        /// The channel: `answer:42` has key `42`.
        CHANNEL,
        /// The connection: the channel is the bare namespace, the key is the player.
        PLAYER
    }

    public Namespace {
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
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
        if (joinLeave && presence != Presence.FULL) {
            throw new IllegalArgumentException(
                    "namespace '%s': join-leave wants presence 'full'".formatted(name));
        }
        shownHeaders = Set.copyOf(shownHeaders);
    }

    /// A namespace named like its topic that players may only read.
    public static Namespace readable(String name, Mode mode, Permission subscribe) {
        return of(name, name, mode, subscribe, Permission.NONE, KeySource.CHANNEL);
    }

    /// A namespace named like its topic that players may only write.
    public static Namespace writable(String name, Permission publish, KeySource key) {
        return of(name, name, Mode.STREAM, Permission.NONE, publish, key);
    }

    /// A namespace with defaults for whatever is not named here.
    public static Namespace of(
            String name,
            String topic,
            Mode mode,
            Permission subscribe,
            Permission publish,
            KeySource key) {
        return new Namespace(
                name,
                topic,
                mode,
                subscribe,
                publish,
                key,
                0,
                Presence.NONE,
                false,
                Set.of(),
                false,
                0,
                0,
                null);
    }
}
