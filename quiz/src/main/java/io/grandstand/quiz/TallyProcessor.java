package io.grandstand.quiz;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.AnswerTimes.DelayClass;
import io.grandstand.events.AnswerTimes.Figures;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.TallyPart;
import io.grandstand.events.Votes;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Adds up what the partitions of players have answered, and tells it at most once a second.
///
/// Each partition tells all of its own numbers, and the latest take the place of those before: so
/// the sum is exact whatever is told twice, and never less than what a partition told. Where a
/// match has several questions whose votes changed, the one that opened last is told last, for the
/// newest record is what a late joiner finds.
final class TallyProcessor implements Processor<byte[], byte[], String, Object> {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final StringSerializer TEXT = new StringSerializer();

    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, TallyPart> parts;
    private KeyValueStore<String, AnswerTimes> times;
    private KeyValueStore<String, Long> changed;
    private Alarm alarm;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    TallyProcessor() {}

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        parts = context.getStateStore(QuizTopology.PARTS);
        times = context.getStateStore(QuizTopology.TIMES);
        changed = context.getStateStore(QuizTopology.PARTS_CHANGED);
        alarm = new Alarm(context, INTERVAL, this::tell);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            add(Inbox.value(record.value(), TallyPart.class));
        } catch (InvalidRecordException | IllegalArgumentException e) {
            deadLetter(record, e.getMessage());
        }
    }

    private void add(TallyPart part) {
        String question = StoreKeys.of(part.match(), part.question());
        String key = StoreKeys.of(question, StoreKeys.partition(part.partition()));
        TallyPart before = parts.get(key);
        addTimes(part, before);
        if (part.last()) {
            parts.delete(key);
        } else {
            parts.put(key, part);
            if (before == null || !before.votes().equals(part.votes())) {
                changed.put(question, part.opensAt());
            }
        }
        alarm.set();
    }

    /// The match's answer times with this part's numbers in place of those before.
    private void addTimes(TallyPart part, @Nullable TallyPart before) {
        Map<DelayClass, Figures> was = before == null ? Map.of() : before.times();
        if (part.times().equals(was)) {
            return;
        }
        AnswerTimes known = times.get(part.match());
        var sum = new EnumMap<DelayClass, Figures>(DelayClass.class);
        if (known != null) {
            sum.putAll(known.classes());
        }
        part.times().forEach((each, figures) -> sum.merge(each, figures, TallyProcessor::plus));
        was.forEach((each, figures) -> sum.merge(each, figures, (all, less) -> all.plus(less, -1)));
        times.put(part.match(), new AnswerTimes(part.match(), 0, sum));
        changed.put(part.match(), 0L);
    }

    private static Figures plus(Figures a, Figures b) {
        return a.plus(b, 1);
    }

    private void tell(long now) {
        record Changed(String match, String question, long opensAt) {}
        var questions = new ArrayList<Changed>();
        try (KeyValueIterator<String, Long> entries = changed.all()) {
            while (entries.hasNext()) {
                var entry = entries.next();
                changed.delete(entry.key);
                String[] ids = StoreKeys.parts(entry.key);
                if (ids.length == 1) {
                    tellTimes(ids[0], now);
                } else {
                    questions.add(new Changed(ids[0], ids[1], entry.value));
                }
            }
        }
        questions.sort(Comparator.comparingLong(Changed::opensAt).thenComparing(Changed::question));
        for (Changed question : questions) {
            Votes votes = votes(question.match(), question.question(), now);
            context.forward(new Record<>(votes.match(), votes, now), QuizTopology.VOTES_SINK);
        }
        alarm.clear();
    }

    private void tellTimes(String match, long now) {
        AnswerTimes sum = Objects.requireNonNull(times.get(match), match);
        context.forward(
                new Record<>(match, new AnswerTimes(match, now, sum.classes()), now),
                QuizTopology.ANSWER_TIMES_SINK);
    }

    private Votes votes(String match, String question, long now) {
        var counts = new TreeMap<String, Long>();
        try (KeyValueIterator<String, TallyPart> all =
                parts.prefixScan(StoreKeys.prefix(match, question), TEXT)) {
            while (all.hasNext()) {
                all.next().value.votes().forEach((option, n) -> counts.merge(option, n, Long::sum));
            }
        }
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Votes(match, question, now, total, counts);
    }

    private void deadLetter(Record<byte[], byte[]> record, @Nullable String reason) {
        var where = context.recordMetadata().orElseThrow();
        context.forward(
                new Record<>(
                        where.topic(), Inbox.deadLetter(where, record, reason), record.timestamp()),
                QuizTopology.TALLY_DEAD_LETTER_SINK);
    }
}
