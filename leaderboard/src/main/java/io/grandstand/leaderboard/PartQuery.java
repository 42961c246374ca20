package io.grandstand.leaderboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one instance asks another, or itself, about the partitions it has.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PartQuery.Find.class, name = "find"),
    @JsonSubTypes.Type(value = PartQuery.Near.class, name = "near"),
    @JsonSubTypes.Type(value = PartQuery.Rows.class, name = "rows"),
    @JsonSubTypes.Type(value = PartQuery.Ids.class, name = "ids"),
    @JsonSubTypes.Type(value = PartQuery.Marks.class, name = "marks"),
    @JsonSubTypes.Type(value = PartQuery.Counts.class, name = "counts"),
    @JsonSubTypes.Type(value = PartQuery.History.class, name = "history"),
    @JsonSubTypes.Type(value = PartQuery.Members.class, name = "members"),
})
sealed interface PartQuery {
    /// The scores of these players, by the partition they are in. Answered for these partitions.
    record Find(String board, Map<Integer, List<String>> players) implements PartQuery {
        public Find {
            players = Map.copyOf(players);
        }
    }

    /// The `k` players before and after a place. Answered for each partition.
    record Near(String board, long score, String player, int k) implements PartQuery {}

    /// Players from a place on. Answered for each partition.
    ///
    /// @param player the first who counts among those of that score; null for all of them
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rows(String board, long score, @Nullable String player, int limit)
            implements PartQuery {}

    /// Who has just this score, by ids. Answered for each partition.
    ///
    /// @param from by partition, the first id that counts; all count where there is none
    record Ids(String board, long score, Map<Integer, String> from, int limit)
            implements PartQuery {
        public Ids {
            from = Map.copyOf(from);
        }
    }

    /// Every so manyth of those who have just this score. Answered for each partition.
    record Marks(String board, long score, int step) implements PartQuery {}

    /// How many players stand at each score, as one of the partitions knows it.
    record Counts(String board) implements PartQuery {}

    /// The ranks that a player had. Answered by the player's own partition.
    record History(String board, String player, int partition) implements PartQuery {}

    /// Who is in a league. Answered by the league's own partition.
    record Members(String league, int partition) implements PartQuery {}
}
