package io.grandstand.leaderboard;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.League;
import io.grandstand.events.RankAt;
import io.grandstand.events.Topics;
import io.grandstand.streams.StreamsService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/// The partitions of all instances of the service: this process's own are read in place, the others
/// are asked over HTTP. Who has which partition is what Kafka Streams says; while that is in flux,
/// answers do not add up to all partitions and there is no answer. Thread-safe.
final class StreamsFleet implements Fleet {
    /// Where an instance takes a `PartQuery`.
    static final String PARTS_PATH = "/parts";

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final StreamsService streams;
    private final HostInfo self;
    private final int partitions;
    private final HttpClient http;

    /// @param self where others reach this instance, as they know it
    /// @param partitions of players
    StreamsFleet(StreamsService streams, HostInfo self, int partitions, HttpClient http) {
        this.streams = streams;
        this.self = self;
        this.partitions = partitions;
        this.http = http;
    }

    @Override
    public List<Standing> find(String board, Collection<String> players)
            throws NotReadyException, InterruptedException {
        var byInstance = new HashMap<HostInfo, Map<Integer, List<String>>>();
        var asked = new HashSet<Integer>();
        for (String player : players) {
            KeyQueryMetadata owner = owner(LeaderboardTopology.SCORES, player);
            asked.add(owner.partition());
            byInstance
                    .computeIfAbsent(owner.activeHost(), _ -> new HashMap<>())
                    .computeIfAbsent(owner.partition(), _ -> new ArrayList<>())
                    .add(player);
        }
        var queries = new HashMap<HostInfo, PartQuery>();
        byInstance.forEach((host, ids) -> queries.put(host, new PartQuery.Find(board, ids)));
        return complete(ask(queries), PartAnswer.Rows.class, asked).stream()
                .flatMap(part -> part.rows().stream())
                .toList();
    }

    @Override
    public List<RankAt> history(String board, String player)
            throws NotReadyException, InterruptedException {
        KeyQueryMetadata owner = owner(LeaderboardTopology.RANK_HISTORY, player);
        var query = new PartQuery.History(board, player, owner.partition());
        return complete(
                        ask(Map.of(owner.activeHost(), query)),
                        PartAnswer.History.class,
                        Set.of(owner.partition()))
                .getFirst()
                .ranks();
    }

    @Override
    public <A extends PartAnswer> List<A> askAll(PartQuery query, Class<A> type)
            throws NotReadyException, InterruptedException {
        Map<HostInfo, PartQuery> queries =
                streams.instancesWith(LeaderboardTopology.STANDINGS).stream()
                        .collect(Collectors.toMap(StreamsMetadata::hostInfo, _ -> query));
        Set<Integer> all =
                IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet());
        return complete(ask(queries), type, all);
    }

    @Override
    public <A extends PartAnswer> A askAny(PartQuery query, Class<A> type)
            throws NotReadyException, InterruptedException {
        if (!ownPartitions().isEmpty()) {
            return type.cast(local(query).getFirst());
        }
        for (StreamsMetadata instance : streams.instancesWith(LeaderboardTopology.STANDINGS)) {
            return type.cast(remote(instance.hostInfo(), query).getFirst());
        }
        throw new NotReadyException("no instance has any partition");
    }

    @Override
    public List<String> members(String league) throws NotReadyException, InterruptedException {
        KeyQueryMetadata owner = owner(LeaderboardTopology.LEAGUES, league);
        var query = new PartQuery.Members(league, owner.partition());
        List<PartAnswer> answers = ask(Map.of(owner.activeHost(), query));
        if (answers.size() != 1 || !(answers.getFirst() instanceof PartAnswer.Members found)) {
            throw new NotReadyException("the league's partition moves");
        }
        return found.members();
    }

    /// What this process's own partitions answer.
    ///
    /// @throws NotReadyException if one of them is being rebuilt
    List<PartAnswer> local(PartQuery query) throws NotReadyException {
        try {
            if (query instanceof PartQuery.Members(String league, int partition)) {
                League found =
                        streams.<String, League>store(LeaderboardTopology.LEAGUES, partition)
                                .get(league);
                return List.of(
                        new PartAnswer.Members(
                                partition, found == null ? List.of() : found.members()));
            }
            if (query instanceof PartQuery.Counts) {
                List<Integer> own = ownPartitions();
                return own.isEmpty() ? List.of() : answers(query, own.subList(0, 1));
            }
            return answers(query, ownPartitions());
        } catch (InvalidStateStoreException e) {
            throw new NotReadyException("a partition is being rebuilt", e);
        }
    }

    private List<PartAnswer> answers(PartQuery query, List<Integer> partitions) {
        var answers = new ArrayList<PartAnswer>();
        for (int partition : partitions) {
            PartAnswer answer =
                    PartitionView.of(partition, new PartitionStores(partition)).answer(query);
            if (answer != null) {
                answers.add(answer);
            }
        }
        return answers;
    }

    private final class PartitionStores implements PartitionView.Stores {
        private final int partition;

        PartitionStores(int partition) {
            this.partition = partition;
        }

        @Override
        public <V> ReadOnlyKeyValueStore<String, V> store(String name) {
            return streams.store(name, partition);
        }
    }

    private List<Integer> ownPartitions() {
        return streams.instancesWith(LeaderboardTopology.STANDINGS).stream()
                .filter(instance -> instance.hostInfo().equals(self))
                .flatMap(instance -> instance.topicPartitions().stream())
                .filter(partition -> partition.topic().equals(Topics.POINTS.name()))
                .map(partition -> partition.partition())
                .toList();
    }

    private KeyQueryMetadata owner(String store, String key) throws NotReadyException {
        KeyQueryMetadata owner;
        try {
            owner = streams.ownerOf(store, key);
        } catch (IllegalStateException notRunning) {
            throw new NotReadyException("the service does not run", notRunning);
        }
        if (owner.equals(KeyQueryMetadata.NOT_AVAILABLE)
                || owner.activeHost().equals(HostInfo.unavailable())) {
            throw new NotReadyException("partitions move");
        }
        return owner;
    }

    private List<PartAnswer> ask(Map<HostInfo, PartQuery> queries)
            throws NotReadyException, InterruptedException {
        var remote = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
        queries.forEach((host, query) -> {
            if (!host.equals(self)) {
                remote.add(http.sendAsync(request(host, query), BodyHandlers.ofByteArray()));
            }
        });
        PartQuery own = queries.get(self);
        List<PartAnswer> answers = new ArrayList<>(own == null ? List.of() : local(own));
        for (CompletableFuture<HttpResponse<byte[]>> response : remote) {
            try {
                answers.addAll(read(response.get()));
            } catch (ExecutionException e) {
                throw new NotReadyException("another instance does not answer", e);
            }
        }
        return answers;
    }

    private List<PartAnswer> remote(HostInfo host, PartQuery query)
            throws NotReadyException, InterruptedException {
        try {
            return read(http.send(request(host, query), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new NotReadyException("another instance does not answer", e);
        }
    }

    private static HttpRequest request(HostInfo host, PartQuery query) {
        return HttpRequest.newBuilder(
                        URI.create("http://" + host.host() + ":" + host.port() + PARTS_PATH))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofByteArray(Json.write(query)))
                .build();
    }

    private static List<PartAnswer> read(HttpResponse<byte[]> response) throws NotReadyException {
        if (response.statusCode() != 200) {
            throw new NotReadyException(
                    "another instance answered with status " + response.statusCode());
        }
        try {
            return Json.read(response.body(), PartAnswers.class).parts();
        } catch (InvalidRecordException e) {
            throw new NotReadyException("another instance speaks another version", e);
        }
    }

    /// The answers, if there is one of each partition that was asked.
    static <A extends PartAnswer> List<A> complete(
            List<PartAnswer> answers, Class<A> type, Set<Integer> asked) throws NotReadyException {
        Set<Integer> answered =
                answers.stream().map(PartAnswer::partition).collect(Collectors.toSet());
        if (answers.size() != answered.size() || !answered.equals(asked)) {
            throw new NotReadyException(
                    "partitions %s answered instead of %s".formatted(answered, asked));
        }
        return answers.stream().map(type::cast).toList();
    }
}
