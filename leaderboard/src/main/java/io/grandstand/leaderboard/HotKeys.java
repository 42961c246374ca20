package io.grandstand.leaderboard;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// A store of which almost every record touches the same few keys: the last of them are remembered,
/// so that they need not be read again. Every change is written at once. Confined to the thread
/// that owns the store, and the only one to write it.
final class HotKeys<V> {
    /// Some ten thousand scores on some boards; beyond, the key that was used least lately is
    /// forgotten and read again when it comes.
    private static final int KEYS_MAX = 50_000;

    private final KeyValueStore<String, V> store;

    /// Null values stand for keys that the store does not have.
    private final Map<String, @Nullable V> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, @Nullable V> eldest) {
                    return size() > KEYS_MAX;
                }
            };

    HotKeys(KeyValueStore<String, V> store) {
        this.store = store;
    }

    @Nullable V get(String key) {
        V value = known.get(key);
        if (value == null && !known.containsKey(key)) {
            value = store.get(key);
            known.put(key, value);
        }
        return value;
    }

    void put(String key, V value) {
        known.put(key, value);
        store.put(key, value);
    }

    void delete(String key) {
        known.put(key, null);
        store.put(key, null); // delete would read the old value first.
    }

    /// The store itself, for reading ranges.
    KeyValueStore<String, V> store() {
        return store;
    }
}
