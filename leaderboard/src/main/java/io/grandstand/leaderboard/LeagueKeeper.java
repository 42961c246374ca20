package io.grandstand.leaderboard;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.League;
import io.grandstand.streams.Inbox;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/// Keeps who is in which league, for requests to read. A league has no board of its own: its
/// members' scores are fetched when somebody asks.
final class LeagueKeeper implements Processor<byte[], byte[], String, Object> {
    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, League> leagues;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    LeagueKeeper() {}

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        leagues = context.getStateStore(LeaderboardTopology.LEAGUES);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            String key = Inbox.text(record.key());
            if (record.value() == null) {
                leagues.delete(key);
                return;
            }
            League league = Inbox.value(record.value(), League.class);
            if (!league.league().equals(key)) {
                throw new IllegalArgumentException("key is not the league of the record");
            }
            leagues.put(key, league);
        } catch (InvalidRecordException | IllegalArgumentException e) {
            var where = context.recordMetadata().orElseThrow();
            context.forward(
                    new Record<>(
                            where.topic(),
                            Inbox.deadLetter(where, record, e.getMessage()),
                            record.timestamp()),
                    LeaderboardTopology.LEAGUE_DEAD_LETTER_SINK);
        }
    }
}
