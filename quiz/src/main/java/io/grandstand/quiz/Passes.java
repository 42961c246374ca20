package io.grandstand.quiz;

import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Work over many entries of a store that is done in steps, and how far each has come. State store
/// `passes`: a step and what it did are committed together, so a pass goes on where it stood.
final class Passes {
    private final KeyValueStore<String, Pass> store;

    Passes(KeyValueStore<String, Pass> store) {
        this.store = store;
    }

    /// What is done to each entry.
    enum Kind {
        /// Ballots of a question are brought to its newest ruling.
        RULE,
        /// All that is kept of a question is given up.
        FORGET_QUESTION,
        /// All that is kept of the single questions of a match is given up.
        FORGET_MATCH
    }

    /// @param question empty where the pass is over a match
    /// @param at timestamp of what made it necessary
    /// @param cursor the last key dealt with; null before the first
    record Pass(Kind kind, String match, String question, long at, @Nullable String cursor) {
        /// The same, come so far.
        Pass upTo(String key) {
            return new Pass(kind, match, question, at, key);
        }

        /// Where a range goes on.
        String from(String first) {
            return cursor == null ? first : StoreKeys.after(cursor);
        }
    }

    /// Begins a pass; one of the same match and question that is under way begins anew.
    void begin(Kind kind, String match, String question, long at) {
        put(new Pass(kind, match, question, at, null));
    }

    void put(Pass pass) {
        store.put(StoreKeys.of(pass.match(), pass.question()), pass);
    }

    void end(Pass pass) {
        store.delete(StoreKeys.of(pass.match(), pass.question()));
    }

    /// What is under way.
    List<Pass> all() {
        var all = new ArrayList<Pass>();
        try (KeyValueIterator<String, Pass> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<String, Pass> entry = entries.next();
                all.add(entry.value);
            }
        }
        return all;
    }

    boolean isEmpty() {
        try (KeyValueIterator<String, Pass> entries = store.all()) {
            return !entries.hasNext();
        }
    }
}
