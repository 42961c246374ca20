package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Right answers in a row. State store `history`: for each player the questions of a match that
/// were answered and have a result, in the order they opened, each with the streak up to it; 0 for
/// a wrong answer.
///
/// A streak is over the questions that a player answered: one that was not answered, or that is
/// void, neither adds to a streak nor ends it. So a question that changes later, by a correction or
/// a void, changes the streaks of those after it, up to the next wrong answer, and no further.
final class Streaks {
    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, Integer> history;

    Streaks(KeyValueStore<String, Integer> history) {
        this.history = history;
    }

    /// What a change of one question does.
    ///
    /// @param card with its new streaks
    /// @param inARow the streak up to the question itself; 0 where it is not answered rightly
    /// @param followers the questions after it whose streak has changed, in their order
    record Change(Card card, int inARow, List<Follower> followers) {}

    /// A later question, and the streak up to it.
    record Follower(String question, int inARow) {}

    /// The player answered the question, rightly or not.
    Change put(Card card, String player, Question question, boolean correct) {
        String slot = slot(question);
        String key = StoreKeys.of(question.match(), player, slot);
        if (slot.compareTo(card.last()) > 0) {
            int inARow = correct ? card.streak() + 1 : 0;
            history.put(key, inARow);
            return new Change(
                    card.streak(inARow, Math.max(card.longest(), inARow), slot), inARow, List.of());
        }
        Integer before = history.get(key);
        int inARow = correct ? streakBefore(card, player, question, key) + 1 : 0;
        if (before != null && before == inARow) {
            return new Change(card, inARow, List.of());
        }
        history.put(key, inARow);
        return follow(card, player, question, key, before, inARow, inARow);
    }

    /// The question does not count for the player any more.
    Change remove(Card card, String player, Question question) {
        String key = StoreKeys.of(question.match(), player, slot(question));
        Integer before = history.delete(key);
        if (before == null) {
            return new Change(card, 0, List.of());
        }
        int streakBefore = streakBefore(card, player, question, key);
        return follow(card, player, question, key, before, streakBefore, 0);
    }

    /// Walks over the questions after `key` until their streaks are what they were.
    ///
    /// @param before the streak at the question as it was; null where it was not there
    /// @param streak the streak that the next question continues
    private Change follow(
            Card card,
            String player,
            Question question,
            String key,
            @Nullable Integer before,
            int streak,
            int inARow) {
        int highest = streak;
        int lostHighest = before == null ? 0 : before;
        boolean reachedEnd = true;
        var followers = new ArrayList<Follower>();
        int running = streak;
        try (KeyValueIterator<String, Integer> later =
                history.range(StoreKeys.after(key), end(question.match(), player))) {
            while (later.hasNext()) {
                KeyValue<String, Integer> entry = later.next();
                int was = entry.value;
                int is = was == 0 ? 0 : running + 1;
                if (is == was) {
                    reachedEnd = false;
                    break;
                }
                history.put(entry.key, is);
                followers.add(new Follower(StoreKeys.parts(entry.key)[3], is));
                highest = Math.max(highest, is);
                lostHighest = Math.max(lostHighest, was);
                running = is;
            }
        }
        int longest =
                lostHighest >= card.longest() && highest < lostHighest
                        ? longest(card, player, question.match())
                        : Math.max(card.longest(), highest);
        String last = lastSlot(card, player, question.match());
        return new Change(
                card.streak(reachedEnd ? running : card.streak(), longest, last),
                inARow,
                followers);
    }

    private int streakBefore(Card card, String player, Question question, String key) {
        try (KeyValueIterator<String, Integer> earlier =
                history.reverseRange(StoreKeys.prefix(question.match(), player), key)) {
            while (earlier.hasNext()) {
                KeyValue<String, Integer> entry = earlier.next();
                if (!entry.key.equals(key)) {
                    return entry.value;
                }
            }
        }
        return card.carried();
    }

    private int longest(Card card, String player, String match) {
        int longest = card.carriedLongest();
        try (KeyValueIterator<String, Integer> all =
                history.prefixScan(StoreKeys.prefix(match, player), TEXT)) {
            while (all.hasNext()) {
                longest = Math.max(longest, all.next().value);
            }
        }
        return longest;
    }

    /// A question that went away may have been the last one.
    private String lastSlot(Card card, String player, String match) {
        try (KeyValueIterator<String, Integer> latest =
                history.reverseRange(StoreKeys.prefix(match, player), end(match, player))) {
            if (!latest.hasNext()) {
                return card.last();
            }
            String[] parts = StoreKeys.parts(Objects.requireNonNull(latest.next().key));
            return StoreKeys.of(parts[2], parts[3]);
        }
    }

    private static String end(String match, String player) {
        return StoreKeys.end(match, player);
    }

    /// Where a question stands among those of its match.
    private static String slot(Question question) {
        return StoreKeys.of(StoreKeys.time(question.opensAt()), question.id());
    }
}
