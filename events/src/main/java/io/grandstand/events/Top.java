package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a `TopRequest`. Topic `top`, keyed by the asking player; readable by that player
/// alone.
///
/// @param players how many players are on the board; for friends and leagues, how many of those
/// @param top the rows, best first
/// @param kind which rows they are; absent for the best ten
/// @param request what the request called itself
/// @param offset position of the first row, from 0; for `page`, `around` and `league`
/// @param history the asker's own ranks until now, oldest first; for `history`
/// @param refused why there is no answer; the other fields then say nothing
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Top(
        String board,
        Me me,
        long players,
        List<BoardRow> top,
        TopRequest.@Nullable Kind kind,
        @Nullable String request,
        @Nullable Long offset,
        @Nullable List<RankAt> history,
        @Nullable Refusal refused) {
    /// The asker's own place.
    ///
    /// @param rank 1 + the number of players above; null for a player who is not on the board
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Me(@Nullable Long rank, long score) {
        /// The place of someone who is not on the board.
        public static final Me NOBODY = new Me(null, 0);
    }

    /// Why a request got no answer.
    ///
    /// @param sentence says it to people
    /// @param retryAfterMs when asking again makes sense; absent where it does not
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Refusal(Code code, String sentence, @Nullable Long retryAfterMs) {}

    /// Why a request got no answer, for programs.
    public enum Code {
        /// It cannot be understood or is out of bounds.
        @JsonProperty("invalid")
        INVALID,
        /// The asker asks too often.
        @JsonProperty("rate")
        RATE,
        /// Too many are asking just now.
        @JsonProperty("busy")
        BUSY,
        /// The boards are being rebuilt.
        @JsonProperty("restoring")
        RESTORING,
        /// There is no such league.
        @JsonProperty("unknown")
        UNKNOWN
    }

    public Top {
        top = List.copyOf(top);
        history = history == null ? null : List.copyOf(history);
    }

    /// An answer with the best ten.
    public Top(String board, Me me, long players, List<BoardRow> top) {
        this(board, me, players, top, null, null, null, null, null);
    }

    /// An answer with the rows that a request says it wants.
    public static Top answer(
            TopRequest request, Me me, long players, List<BoardRow> rows, @Nullable Long offset) {
        return new Top(
                request.board(),
                me,
                players,
                rows,
                request.kind(),
                request.request(),
                offset,
                null,
                null);
    }

    /// An answer with the asker's own ranks until now.
    public static Top history(TopRequest request, Me me, long players, List<RankAt> history) {
        return new Top(
                request.board(),
                me,
                players,
                List.of(),
                request.kind(),
                request.request(),
                null,
                history,
                null);
    }

    /// A request that gets no answer.
    public static Top refused(
            String board,
            TopRequest.@Nullable Kind kind,
            @Nullable String request,
            Refusal refusal) {
        return new Top(board, Me.NOBODY, 0, List.of(), kind, request, null, null, refusal);
    }
}
