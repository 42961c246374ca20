package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// The final table of a season. Topic `season-final`, keyed by season: its rows in chunks, then a
/// seal. What is published again, after a fault, is the same again: chunks are told by their
/// numbers.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SeasonFinal.Rows.class, name = "rows"),
    @JsonSubTypes.Type(value = SeasonFinal.Seal.class, name = "seal"),
})
public sealed interface SeasonFinal {
    String season();

    /// A part of the table.
    ///
    /// @param chunk from 0
    /// @param rows best first; players of equal score in order of their ids' bytes
    record Rows(String season, int chunk, List<Row> rows) implements SeasonFinal {
        /// Rows of a chunk at most, so that each fits a record.
        public static final int ROWS_MAX = 500;

        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /// One line of the table.
    record Row(long rank, long score, String player) {
        /// The line in the text that is hashed.
        public String line() {
            return rank + "\t" + score + "\t" + player + "\n";
        }
    }

    /// The table is complete.
    ///
    /// @param closedAt the last moment at which an entry counted, ms since the epoch
    /// @param chunks how many chunks it has
    /// @param players how many rows it has
    /// @param sha256 over the UTF-8 text of all rows' lines in order, as hexadecimal digits
    record Seal(String season, long closedAt, int chunks, long players, String sha256)
            implements SeasonFinal {}
}
