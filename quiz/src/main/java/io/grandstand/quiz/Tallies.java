package io.grandstand.quiz;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.AnswerTimes.DelayClass;
import io.grandstand.events.AnswerTimes.Figures;
import io.grandstand.events.Question;
import io.grandstand.events.TallyPart;
import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What one partition of players has answered: how many answers count for an option, and how long
/// they took. State stores `tallies`, one number a key, and `tallies-changed`, the questions whose
/// numbers were not told since they changed.
final class Tallies {
    private static final StringSerializer TEXT = new StringSerializer();

    private static final String VOTE = "vote";
    private static final String TIME = "time";
    private static final String LATE = "late";

    private final KeyValueStore<String, Long> tallies;
    private final KeyValueStore<String, String> changed;

    Tallies(KeyValueStore<String, Long> tallies, KeyValueStore<String, String> changed) {
        this.tallies = tallies;
        this.changed = changed;
    }

    /// Another answer of a player counts, or none does any more.
    ///
    /// @return whether that changes a number
    boolean vote(Question question, @Nullable Cast before, @Nullable Cast now) {
        String was = before == null ? null : before.option();
        String is = now == null ? null : now.option();
        if (was == null ? is == null : was.equals(is)) {
            return false;
        }
        if (was != null) {
            add(question, -1, VOTE, was);
        }
        if (is != null) {
            add(question, 1, VOTE, is);
        }
        return true;
    }

    /// An answer was accepted after `answerMs`.
    void accepted(Question question, Cast cast, long answerMs) {
        add(question, 1, TIME, classOf(cast), String.valueOf(AnswerTimes.bucket(answerMs)));
    }

    /// An answer came too late.
    void late(Question question, Cast cast) {
        add(question, 1, LATE, classOf(cast));
    }

    /// Takes out the questions whose numbers have changed.
    List<String> takeChanged() {
        var questions = new ArrayList<String>();
        try (KeyValueIterator<String, String> entries = changed.all()) {
            while (entries.hasNext()) {
                String key = entries.next().key;
                changed.delete(key);
                questions.add(key);
            }
        }
        return questions;
    }

    /// The numbers of a question as they stand.
    TallyPart part(Question question, int partition, boolean last) {
        var votes = new TreeMap<String, Long>();
        var late = new EnumMap<DelayClass, Long>(DelayClass.class);
        var accepted = new EnumMap<DelayClass, List<Long>>(DelayClass.class);
        try (KeyValueIterator<String, Long> numbers =
                tallies.prefixScan(StoreKeys.prefix(question.match(), question.id()), TEXT)) {
            while (numbers.hasNext()) {
                KeyValue<String, Long> number = numbers.next();
                String[] parts = StoreKeys.parts(number.key);
                switch (parts[2]) {
                    case VOTE -> votes.put(parts[3], number.value);
                    case LATE -> late.put(DelayClass.valueOf(parts[3]), number.value);
                    default ->
                            accepted.computeIfAbsent(
                                            DelayClass.valueOf(parts[3]),
                                            _ -> new ArrayList<>(Figures.NONE.accepted()))
                                    .set(Integer.parseInt(parts[4]), number.value);
                }
            }
        }
        return new TallyPart(
                question.match(),
                question.id(),
                question.opensAt(),
                partition,
                votes,
                times(late, accepted),
                last);
    }

    /// Gives up a question's numbers.
    void forget(Question question) {
        try (KeyValueIterator<String, Long> numbers =
                tallies.prefixScan(StoreKeys.prefix(question.match(), question.id()), TEXT)) {
            while (numbers.hasNext()) {
                tallies.delete(numbers.next().key);
            }
        }
        changed.delete(StoreKeys.of(question.match(), question.id()));
    }

    private static Map<DelayClass, Figures> times(
            Map<DelayClass, Long> late, Map<DelayClass, List<Long>> accepted) {
        var times = new EnumMap<DelayClass, Figures>(DelayClass.class);
        for (DelayClass each : DelayClass.values()) {
            if (late.containsKey(each) || accepted.containsKey(each)) {
                times.put(
                        each,
                        new Figures(
                                late.getOrDefault(each, 0L),
                                accepted.getOrDefault(each, Figures.NONE.accepted())));
            }
        }
        return Collections.unmodifiableMap(times);
    }

    private void add(Question question, long more, String... what) {
        String of = StoreKeys.of(question.match(), question.id());
        String key = StoreKeys.of(of, StoreKeys.of(what));
        Long before = tallies.get(key);
        long sum = (before == null ? 0 : before) + more;
        if (sum == 0) {
            tallies.delete(key);
        } else {
            tallies.put(key, sum);
        }
        changed.putIfAbsent(of, "");
    }

    private static String classOf(Cast cast) {
        return DelayClass.of(cast.delayMs()).name();
    }
}
