package io.grandstand.quiz;

import io.grandstand.streams.StoreKeys;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The questions as a scorer knows them. State store `rulings`; every answer asks for one, so those
/// in use are kept as they are beside their JSON.
final class Rulings {
    /// Beyond so many, all are read anew.
    private static final int KEPT_MAX = 1_000;

    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, Ruling> store;
    private final Map<String, Ruling> kept = new HashMap<>();

    Rulings(KeyValueStore<String, Ruling> store) {
        this.store = store;
    }

    /// What is known of a question; null for nothing.
    @Nullable Ruling get(String match, String question) {
        String key = StoreKeys.of(match, question);
        Ruling known = kept.get(key);
        if (known != null) {
            return known;
        }
        Ruling stored = store.get(key);
        if (stored != null) {
            keep(key, stored);
        }
        return stored;
    }

    void put(Ruling ruling) {
        String key = StoreKeys.of(ruling.question().match(), ruling.question().id());
        store.put(key, ruling);
        keep(key, ruling);
    }

    /// Forgets a question and returns what was known of it.
    @Nullable Ruling delete(String match, String question) {
        String key = StoreKeys.of(match, question);
        kept.remove(key);
        return store.delete(key);
    }

    /// Whether anything is known of single questions of the match.
    boolean knowAnyOf(String match) {
        try (KeyValueIterator<String, Ruling> any =
                store.prefixScan(StoreKeys.prefix(match), TEXT)) {
            return any.hasNext();
        }
    }

    private void keep(String key, Ruling ruling) {
        if (kept.size() >= KEPT_MAX) {
            kept.clear();
        }
        kept.put(key, ruling);
    }
}
