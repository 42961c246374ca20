package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A player asks for a board and the own place on it. Topic `gettop`, keyed by the asking player.
///
/// @param kind which rows to answer with; the best ten where it is absent
/// @param request what the answer repeats, so that an asker can tell answers apart; may be absent
/// @param k for `around`: how many rows above the own and how many below; 5 where it is absent
/// @param offset for `page` and `league`: how many rows to leave out; 0 where it is absent
/// @param size for `page` and `league`: how many rows; 20 where it is absent
/// @param players for `friends`: whom to compare with; the asker is always among them
/// @param league for `league`: which one
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopRequest(
        String board,
        @Nullable Kind kind,
        @Nullable String request,
        @Nullable Integer k,
        @Nullable Long offset,
        @Nullable Integer size,
        @Nullable List<String> players,
        @Nullable String league) {
    public static final int K_MAX = 50;
    public static final int SIZE_MAX = 100;
    public static final int FRIENDS_MAX = 500;

    /// Far beyond the end of any board, where pages are empty.
    public static final long OFFSET_MAX = 1_000_000_000_000L;

    private static final int K_DEFAULT = 5;
    private static final int SIZE_DEFAULT = 20;

    /// Which rows of a board.
    public enum Kind {
        /// The best ten.
        @JsonProperty("top")
        TOP,
        /// The asker's neighbours.
        @JsonProperty("around")
        AROUND,
        /// Rows by their position.
        @JsonProperty("page")
        PAGE,
        /// Players by their ids, ranked among themselves.
        @JsonProperty("friends")
        FRIENDS,
        /// The members of a league, ranked among themselves.
        @JsonProperty("league")
        LEAGUE,
        /// No rows, but the asker's own ranks until now.
        @JsonProperty("history")
        HISTORY
    }

    /// A request for the best ten.
    public TopRequest(String board) {
        this(board, null, null, null, null, null, null, null);
    }

    public TopRequest {
        Check.board("board", board);
        if (request != null) {
            Check.id("request", request);
        }
        if (k != null) {
            Check.range("k", k, 1, K_MAX);
        }
        if (offset != null) {
            Check.range("offset", offset, 0, OFFSET_MAX);
        }
        if (size != null) {
            Check.range("size", size, 1, SIZE_MAX);
        }
        if (players != null) {
            Check.range("number of players", players.size(), 1, FRIENDS_MAX);
            players.forEach(Check::player);
            Check.require(new HashSet<>(players).size() == players.size(), "a player stands twice");
            players = List.copyOf(players);
        }
        if (league != null) {
            Check.id("league", league);
        }
        Check.require(kind != Kind.FRIENDS || players != null, "players are missing");
        Check.require(kind != Kind.LEAGUE || league != null, "league is missing");
    }

    /// Which rows are asked for.
    public Kind wanted() {
        return kind == null ? Kind.TOP : kind;
    }

    /// How many rows above and below.
    public int radius() {
        return k == null ? K_DEFAULT : k;
    }

    /// How many rows to leave out.
    public long skip() {
        return offset == null ? 0 : offset;
    }

    /// How many rows to answer with.
    public int rows() {
        return size == null ? SIZE_DEFAULT : size;
    }
}
