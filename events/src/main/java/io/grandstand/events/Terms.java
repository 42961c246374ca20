package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// How a question counts beyond its points. Fixed when it opens. Where a part is absent the plain
/// rule holds: no season, the first answer counts, a right one earns all points however fast,
/// streaks earn nothing, and every viewer's time ends at the same moment.
///
/// @param season the season its points belong to
/// @param answers which of a player's answers counts; absent: the first
/// @param speed how points fall with time; absent: they do not
/// @param streak what right answers in a row earn on top; absent: nothing
/// @param delays what viewers of a delayed stream are given; absent: nothing
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Terms(
        @Nullable String season,
        @Nullable Answers answers,
        @Nullable Speed speed,
        @Nullable Streak streak,
        @Nullable Delays delays) {
    /// The plain rules.
    public static final Terms PLAIN = new Terms(null, null, null, null, null);

    private static final int POINTS_MAX = 1_000_000;

    /// Which of a player's answers counts.
    public enum Answers {
        /// The first that is on time; further ones are duplicates.
        @JsonProperty("first")
        FIRST,
        /// The last that is on time: players may change their mind until the lock.
        @JsonProperty("last")
        LAST
    }

    /// A right answer earns all points at once, `floor` after `overMs` and later, and between the
    /// two in proportion. The time is that from when the viewer was shown the question to when the
    /// gateway received the answer.
    ///
    /// @param floor 0 to the question's points
    /// @param overMs 1 to 3,600,000
    public record Speed(int floor, int overMs) {
        public Speed {
            Check.range("speed.floor", floor, 0, POINTS_MAX);
            Check.range("speed.overMs", overMs, 1, 3_600_000);
        }

        /// What a right answer earns.
        ///
        /// @param points what it earns at once
        /// @param answerMs 0 or more
        public int earns(int points, long answerMs) {
            long elapsed = Math.min(answerMs, overMs);
            return (int) (points - (points - floor) * elapsed / overMs);
        }
    }

    /// A right answer earns `bonus` more for each right one in a row before it, `max` at most.
    ///
    /// @param bonus 1 to 1,000,000
    /// @param max `bonus` to 1,000,000
    public record Streak(int bonus, int max) {
        public Streak {
            Check.range("streak.bonus", bonus, 1, POINTS_MAX);
            Check.range("streak.max", max, bonus, POINTS_MAX);
        }

        /// What the right answer earns that is the `inARow`th in a row; 0 for a wrong one, the 0th.
        public int earns(int inARow) {
            return (int) Math.min(max, (long) bonus * Math.max(0, inARow - 1));
        }
    }

    /// What viewers are given whose stream is late: their time to answer ends later by their delay,
    /// as far as it is believed, but for nobody after the question's lock.
    ///
    /// @param capMs the longest delay that is believed; 1 to 120,000
    public record Delays(Policy policy, int capMs) {
        /// The longest cap.
        public static final int CAP_MS_MAX = 120_000;

        public Delays {
            Check.require(policy != null, "delays.policy is missing");
            Check.range("delays.capMs", capMs, 1, CAP_MS_MAX);
        }
    }

    /// What ends the time of those whose stream is late.
    public enum Policy {
        /// What the question asks about comes next: it locks for everyone when that begins. Who is
        /// far behind has less time.
        @JsonProperty("lock")
        LOCK,
        /// What the question asks about is further ahead than the slowest viewer's last moment:
        /// everyone has the full time.
        @JsonProperty("later")
        LATER
    }

    public Terms {
        if (season != null) {
            Check.id("season", season);
        }
    }

    /// The longest delay that is believed, in ms; 0 where none is.
    public int delayCapMs() {
        return delays == null ? 0 : delays.capMs();
    }
}
