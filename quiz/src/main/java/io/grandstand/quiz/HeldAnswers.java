package io.grandstand.quiz;

import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The answers whose question is not known here yet: questions travel in other partitions than
/// answers do, so an answer may overtake its question.
///
/// Two stores: `held`, by player, says how many answers a player has waiting; `due`, by time, says
/// when to act, and has one entry for each of `held`. The answers themselves are in `ballots`.
final class HeldAnswers {
    /// Answers that one player may have waiting. A further one takes the place of those to a
    /// question that stayed unknown for long; where there is none such, it is dropped.
    static final int PER_PLAYER_MAX = 8;

    /// The same for answers read from a backlog. After an outage the answers of many questions may
    /// come before the first ruling, as the desk has its own backlog to work off; they are as good
    /// as any.
    static final int PER_PLAYER_BACKLOG_MAX = 1_000;

    /// An answer that waited in the log for longer than this is read from a backlog.
    static final long BACKLOG_AFTER_MS = 2_000;

    /// How long a question may be late before its player hears `unknown`.
    static final long TELL_AFTER_MS = 2_000;

    /// How long an answer waits for its question in all.
    static final long FORGET_AFTER_MS = 600_000;

    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, Held> held;
    private final KeyValueStore<String, String> due;

    HeldAnswers(KeyValueStore<String, Held> held, KeyValueStore<String, String> due) {
        this.held = held;
        this.due = due;
    }

    /// A player's answers to one unknown question.
    ///
    /// @param casts how many there are
    /// @param told whether the player heard `unknown`
    /// @param dueAt when to act next
    /// @param isBacklog whether the first of them was read from a backlog
    record Held(int casts, boolean told, long dueAt, boolean isBacklog) {}

    /// What becomes of an answer that shall wait.
    enum Holding {
        /// It waits.
        WAITS,
        /// It waits, but for longer than players are left without word.
        WAITS_LONG,
        /// The player has too many waiting; it is dropped.
        DROPPED
    }

    /// What time has come for.
    sealed interface Due {
        /// To tell the player that the question is unknown; the answer still waits.
        record Tell(String player, String match, String question) implements Due {}

        /// To forget the answer.
        record Forget(String player, String match, String question) implements Due {}
    }

    /// Gives up the player's answers to a question that stayed unknown, where there is no room for
    /// a further answer; null where there is room, or nothing to give up. Otherwise a client that
    /// once sent nonsense would lose answers that merely overtake their question.
    Due.@Nullable Forget makeRoom(String player, long now, long appendedAt) {
        boolean isBacklog = isBacklog(now, appendedAt);
        if (hasRoom(player, isBacklog)) {
            return null;
        }
        try (KeyValueIterator<String, Held> entries =
                held.prefixScan(StoreKeys.prefix(player), TEXT)) {
            while (entries.hasNext()) {
                KeyValue<String, Held> entry = entries.next();
                if (entry.value.told() && entry.value.isBacklog() == isBacklog) {
                    remove(entry.key, entry.value);
                    String[] ids = StoreKeys.parts(entry.key);
                    return new Due.Forget(player, ids[1], ids[2]);
                }
            }
        }
        return null;
    }

    /// @param now the clock of the scorer, ms
    /// @param appendedAt when the answer was written to the log, ms
    Holding hold(String player, String match, String question, long now, long appendedAt) {
        boolean isBacklog = isBacklog(now, appendedAt);
        if (!hasRoom(player, isBacklog)) {
            return Holding.DROPPED;
        }
        String key = StoreKeys.of(player, match, question);
        Held before = held.get(key);
        if (before == null) {
            put(key, new Held(1, false, now + TELL_AFTER_MS, isBacklog));
            return Holding.WAITS;
        }
        int casts = before.casts() + 1;
        held.put(key, new Held(casts, before.told(), before.dueAt(), before.isBacklog()));
        return before.told() ? Holding.WAITS_LONG : Holding.WAITS;
    }

    /// The question is known: the answer waits no more.
    void release(String player, String match, String question) {
        String key = StoreKeys.of(player, match, question);
        Held waiting = held.get(key);
        if (waiting != null) {
            remove(key, waiting);
        }
    }

    /// Takes out what is due at `now`.
    List<Due> due(long now) {
        var actions = new ArrayList<Due>();
        try (KeyValueIterator<String, String> entries =
                due.range(StoreKeys.time(0), StoreKeys.time(now + 1))) {
            while (entries.hasNext()) {
                String entry = entries.next().key;
                actions.add(act(entry.substring(entry.indexOf('\0') + 1)));
            }
        }
        return actions;
    }

    /// Whether no time will come for anything.
    boolean isEmpty() {
        try (KeyValueIterator<String, String> entries = due.all()) {
            return !entries.hasNext();
        }
    }

    private Due act(String key) {
        Held waiting = Objects.requireNonNull(held.get(key), key);
        remove(key, waiting);
        String[] ids = StoreKeys.parts(key);
        if (waiting.told()) {
            return new Due.Forget(ids[0], ids[1], ids[2]);
        }
        long forgetAt = waiting.dueAt() + FORGET_AFTER_MS - TELL_AFTER_MS;
        put(key, new Held(waiting.casts(), true, forgetAt, waiting.isBacklog()));
        return new Due.Tell(ids[0], ids[1], ids[2]);
    }

    private void put(String key, Held waiting) {
        held.put(key, waiting);
        due.put(StoreKeys.of(StoreKeys.time(waiting.dueAt()), key), "");
    }

    private void remove(String key, Held waiting) {
        held.delete(key);
        due.delete(StoreKeys.of(StoreKeys.time(waiting.dueAt()), key));
    }

    private static boolean isBacklog(long now, long appendedAt) {
        return now - appendedAt > BACKLOG_AFTER_MS;
    }

    private boolean hasRoom(String player, boolean isBacklog) {
        int casts = 0;
        try (KeyValueIterator<String, Held> entries =
                held.prefixScan(StoreKeys.prefix(player), TEXT)) {
            while (entries.hasNext()) {
                Held waiting = entries.next().value;
                if (waiting.isBacklog() == isBacklog) {
                    casts += waiting.casts();
                }
            }
        }
        return casts < (isBacklog ? PER_PLAYER_BACKLOG_MAX : PER_PLAYER_MAX);
    }
}
