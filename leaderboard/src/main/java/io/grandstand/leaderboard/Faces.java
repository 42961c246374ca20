package io.grandstand.leaderboard;

import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// What boards show for the players of a partition: names that the filter allows, and countries.
final class Faces {
    private final NameFilter filter;
    private final KeyValueStore<String, String> names;
    private final KeyValueStore<String, String> countries;

    Faces(ProcessorContext<?, ?> context, NameFilter filter) {
        this.filter = filter;
        names = context.getStateStore(LeaderboardTopology.NAMES);
        countries = context.getStateStore(LeaderboardTopology.COUNTRIES);
    }

    /// Takes a profile, or takes it away; false where nothing changes for boards. A player whose
    /// name is refused is shown by the id.
    boolean change(String player, @Nullable PlayerProfile profile) {
        boolean isShown = profile != null && filter.allows(profile.name());
        String name = profile != null && isShown ? profile.name() : null;
        String country = profile == null ? null : profile.country();
        boolean isChanged =
                !Objects.equals(name, names.get(player))
                        || !Objects.equals(country, countries.get(player));
        if (isChanged) {
            names.put(player, name);
            countries.put(player, country);
        }
        return isChanged;
    }

    Standing of(String player, long score) {
        return of(names, countries, player, score);
    }

    /// A player as boards show it, from any thread.
    static Standing of(
            ReadOnlyKeyValueStore<String, String> names,
            ReadOnlyKeyValueStore<String, String> countries,
            String player,
            long score) {
        String name = names.get(player);
        return new Standing(player, name == null ? player : name, score, countries.get(player));
    }
}
