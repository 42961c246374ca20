package io.grandstand.leaderboard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.grandstand.events.RankAt;
import java.util.List;
import java.util.Map;

/// What one partition answers to a `PartQuery`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PartAnswer.Rows.class, name = "rows"),
    @JsonSubTypes.Type(value = PartAnswer.Near.class, name = "near"),
    @JsonSubTypes.Type(value = PartAnswer.Ids.class, name = "ids"),
    @JsonSubTypes.Type(value = PartAnswer.Counts.class, name = "counts"),
    @JsonSubTypes.Type(value = PartAnswer.History.class, name = "history"),
    @JsonSubTypes.Type(value = PartAnswer.Members.class, name = "members"),
})
sealed interface PartAnswer {
    int partition();

    /// Players in the order of the board.
    record Rows(int partition, List<Standing> rows) implements PartAnswer {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /// The players before and after a place, both in the order of the board.
    record Near(int partition, List<Standing> above, List<Standing> below) implements PartAnswer {
        public Near {
            above = List.copyOf(above);
            below = List.copyOf(below);
        }
    }

    /// Ids in order.
    record Ids(int partition, List<String> ids) implements PartAnswer {
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /// Players by score.
    record Counts(int partition, Map<Long, Long> players) implements PartAnswer {
        public Counts {
            players = Map.copyOf(players);
        }
    }

    /// A player's ranks, oldest first; none of a player who is not on the board.
    record History(int partition, List<RankAt> ranks) implements PartAnswer {
        public History {
            ranks = List.copyOf(ranks);
        }
    }

    /// The members of a league; none where there is no such league.
    record Members(int partition, List<String> members) implements PartAnswer {
        public Members {
            members = List.copyOf(members);
        }
    }
}
