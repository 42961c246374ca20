package io.grandstand.events;

import io.grandstand.events.AnswerTimes.DelayClass;
import io.grandstand.events.AnswerTimes.Figures;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What one partition of players has answered to a question so far. Private topic `tally-part`,
/// keyed by match. A part replaces the one before of the same question and partition.
///
/// @param opensAt when the question opened, ms since the epoch
/// @param partition the partition of players
/// @param votes how many answers that count name an option, by its id
/// @param times answer times by delay class
/// @param last whether the question is settled for good, so that nothing more follows
public record TallyPart(
        String match,
        String question,
        long opensAt,
        int partition,
        Map<String, Long> votes,
        Map<DelayClass, Figures> times,
        boolean last) {
    public TallyPart {
        Check.id("match", match);
        Check.id("question", question);
        votes = Collections.unmodifiableMap(new LinkedHashMap<>(votes));
        times = AnswerTimes.copy(times);
    }
}
