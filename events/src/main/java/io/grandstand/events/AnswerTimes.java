package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How long players take to answer, by how late their stream is: what shows whether a match is fair
/// to those who see it late. Topic `answer-times`, keyed by match; at most one a second.
///
/// @param asOf when it was put together, ms since the epoch, server clock
/// @param classes by the delay that the viewer claimed; a class nobody is in is missing
public record AnswerTimes(String match, long asOf, Map<DelayClass, Figures> classes) {
    /// Upper bounds of the buckets of `Figures`, in ms, inclusive; one more bucket has what is
    /// slower.
    public static final List<Integer> BOUNDS_MS =
            List.of(
                    1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000, 20_000, 30_000,
                    60_000);

    /// How late a stream is.
    public enum DelayClass {
        /// Not at all, or not known.
        @JsonProperty("none")
        NONE(0),
        @JsonProperty("to-5s")
        TO_5_S(5_000),
        @JsonProperty("to-15s")
        TO_15_S(15_000),
        @JsonProperty("to-30s")
        TO_30_S(30_000),
        @JsonProperty("to-60s")
        TO_60_S(60_000),
        @JsonProperty("over-60s")
        OVER_60_S(Integer.MAX_VALUE);

        private final int maxMs;

        DelayClass(int maxMs) {
            this.maxMs = maxMs;
        }

        /// The class of a claimed delay.
        public static DelayClass of(long delayMs) {
            for (DelayClass each : values()) {
                if (delayMs <= each.maxMs) {
                    return each;
                }
            }
            return OVER_60_S;
        }
    }

    /// What became of the answers of a class.
    ///
    /// @param late answers that came too late
    /// @param accepted answers on time, by the time from being shown the question to the gateway:
    ///   one number for each bound and one more
    public record Figures(long late, List<Long> accepted) {
        /// No answer at all.
        public static final Figures NONE =
                new Figures(0, Collections.nCopies(BOUNDS_MS.size() + 1, 0L));

        public Figures {
            Check.range(
                    "number of buckets",
                    accepted.size(),
                    BOUNDS_MS.size() + 1,
                    BOUNDS_MS.size() + 1);
            accepted = List.copyOf(accepted);
        }

        /// Both together; `times` 1 adds `more`, -1 takes it away.
        public Figures plus(Figures more, int times) {
            var sum = new ArrayList<Long>(accepted);
            for (int i = 0; i < sum.size(); i++) {
                sum.set(i, sum.get(i) + times * more.accepted.get(i));
            }
            return new Figures(late + times * more.late, sum);
        }
    }

    public AnswerTimes {
        Check.id("match", match);
        classes = copy(classes);
    }

    /// The bucket of an answer that took so long.
    public static int bucket(long answerMs) {
        int bucket = 0;
        while (bucket < BOUNDS_MS.size() && answerMs > BOUNDS_MS.get(bucket)) {
            bucket++;
        }
        return bucket;
    }

    static Map<DelayClass, Figures> copy(Map<DelayClass, Figures> classes) {
        var copy = new EnumMap<DelayClass, Figures>(DelayClass.class);
        copy.putAll(classes);
        return Collections.unmodifiableMap(copy);
    }
}
