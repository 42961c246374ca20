package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.gateway.auth.AppData;
import io.grandstand.gateway.auth.Capability;
import io.grandstand.gateway.publish.Outcome;
import io.grandstand.gateway.publish.PublishLedger;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.TrustedHeaders;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// What one session publishes. Confined to the session's event loop.
final class SessionPublishes {
    private final Session session;
    private final Node node;

    /// The rates of namespaces that limit it, once something was published there; null before.
    private @Nullable Map<Namespace, RateLimit> rates;

    private int inFlight;

    SessionPublishes(Session session) {
        this.session = session;
        this.node = session.node;
    }

    void publish(long commandId, Command.Publish publish, Instant receivedAt) {
        if (publish.type() != 0) {
            session.fail(commandId, ErrorCode.NOT_AVAILABLE);
            return;
        }
        switch (prepare(publish.channel(), publish.data(), Map.of(), receivedAt)) {
            case Refused(ErrorCode error) -> session.fail(commandId, error);
            case Ready ready ->
                    write(
                            ready.record(),
                            written -> {
                                if (written == null) {
                                    session.fail(commandId, ErrorCode.INTERNAL);
                                } else {
                                    session.reply(commandId, new Message.Published());
                                }
                            });
        }
    }

    /// The one procedure there is: `publish`, which tells where the record went and may be
    /// repeated.
    void rpc(long commandId, Command.Rpc rpc, Instant receivedAt) {
        if (!rpc.method().equals("publish")) {
            session.fail(commandId, ErrorCode.NOT_AVAILABLE);
            return;
        }
        PublishCall call = PublishCall.parse(rpc.data());
        if (call == null) {
            session.fail(commandId, ErrorCode.BAD_REQUEST);
            return;
        }
        switch (prepare(call.channel(), call.data(), call.headers(), receivedAt)) {
            case Refused(ErrorCode error) -> session.fail(commandId, error);
            case Ready ready -> {
                if (call.id().isEmpty()) {
                    write(ready.record(), written -> answer(commandId, ready, written));
                } else {
                    publishOnce(commandId, call.id(), ready);
                }
            }
        }
    }

    private void publishOnce(long commandId, String id, Ready ready) {
        PublishLedger ledger = node.ledger();
        if (ledger == null || session.player.id().isEmpty()) {
            // Without a ledger, or without a name, there is nothing to remember an id by.
            session.fail(commandId, ErrorCode.NOT_AVAILABLE);
            return;
        }
        inFlight++;
        ready.record().headers().add(TrustedHeaders.PUBLISH_ID, id.getBytes(UTF_8));
        session.await(
                ledger.publish(session.player.id(), id, ready.record()),
                outcome -> {
                    inFlight--;
                    switch (outcome) {
                        case Outcome.Written(int partition, long offset) ->
                                answer(commandId, ready, new Publisher.Written(partition, offset));
                        case Outcome.InvalidId _ -> session.fail(commandId, ErrorCode.BAD_REQUEST);
                        case Outcome.Temporary(Outcome.Cause cause) ->
                                session.fail(
                                        commandId,
                                        cause == Outcome.Cause.BUSY
                                                ? ErrorCode.TOO_MANY_REQUESTS
                                                : ErrorCode.INTERNAL);
                        case null -> answer(commandId, ready, null);
                    }
                    session.flush();
                });
    }

    private void answer(long commandId, Ready ready, Publisher.@Nullable Written written) {
        if (written == null) {
            session.fail(commandId, ErrorCode.INTERNAL);
        } else {
            session.reply(
                    commandId,
                    new Message.RpcResult(
                            PublishCall.answer(
                                    written.partition(),
                                    written.offset(),
                                    ready.topic().epoch(written.partition()))));
        }
    }

    private void write(
            ProducerRecord<byte[], byte[]> record, Consumer<Publisher.@Nullable Written> then) {
        inFlight++;
        node.publisher()
                .publish(
                        record,
                        written ->
                                session.loop.execute(() -> {
                                    inFlight--;
                                    then.accept(written);
                                    session.flush();
                                }));
    }

    /// A publish that was looked at.
    private sealed interface Prepared {}

    /// It may be written.
    private record Ready(ProducerRecord<byte[], byte[]> record, TopicDirectory.Entry topic)
            implements Prepared {}

    /// It may not.
    private record Refused(ErrorCode error) implements Prepared {}

    private Prepared prepare(
            String channel, byte[] data, Map<String, String> headers, Instant receivedAt) {
        if (data.length == 0) {
            return new Refused(ErrorCode.BAD_REQUEST);
        }
        if (inFlight >= node.config().limits().publishesInFlight()) {
            return new Refused(ErrorCode.TOO_MANY_REQUESTS);
        }
        return switch (node.channels().resolve(channel)) {
            case Channels.Refused refused -> new Refused(refused.error());
            case Channels.Address address -> prepare(address, data, headers, receivedAt);
        };
    }

    private Prepared prepare(
            Channels.Address address,
            byte[] data,
            Map<String, String> headers,
            Instant receivedAt) {
        Namespace namespace = address.namespace();
        boolean byPlayer = namespace.key() == Namespace.KeySource.PLAYER;
        byte[] key = byPlayer && address.key() == null ? session.player.key() : address.key();
        int bytesMax =
                namespace.publishBytes() > 0
                        ? namespace.publishBytes()
                        : node.config().limits().publishBytes();
        TopicDirectory.Entry topic = node.topics().find(namespace.topic());
        if (!session.may(Capability.PUBLISH, new Channels.Address(namespace, key))) {
            return new Refused(ErrorCode.PERMISSION_DENIED);
        }
        if (key == null || key.length == 0 || (byPlayer && address.key() != null)) {
            return new Refused(ErrorCode.BAD_REQUEST);
        }
        if (data.length > bytesMax) {
            return new Refused(ErrorCode.LIMIT_EXCEEDED);
        }
        if (!node.schemas().accept(namespace, data)) {
            return new Refused(ErrorCode.BAD_REQUEST);
        }
        if (!isWithinRate(namespace)) {
            return new Refused(ErrorCode.TOO_MANY_REQUESTS);
        }
        if (topic == null) {
            return new Refused(ErrorCode.INTERNAL);
        }
        var message = new ProducerRecord<>(topic.topic(), topic.partition(key), key, data);
        headers.forEach((name, value) -> message.headers().add(name, value.getBytes(UTF_8)));
        stamp(message.headers(), namespace, receivedAt);
        return new Ready(message, topic);
    }

    /// What consumers may believe of a publish.
    private void stamp(Headers headers, Namespace namespace, Instant receivedAt) {
        long receivedUs =
                TimeUnit.SECONDS.toMicros(receivedAt.getEpochSecond())
                        + TimeUnit.NANOSECONDS.toMicros(receivedAt.getNano());
        headers.add(TrustedHeaders.PLAYER, session.player.key())
                .add(TrustedHeaders.RECEIVED_US, Long.toString(receivedUs).getBytes(UTF_8))
                .add(TrustedHeaders.CONNECTION, session.id().getBytes(UTF_8));
        AppData info = session.player.claims().info();
        if (namespace.showPublisher() && info.isJson()) {
            headers.add(TrustedHeaders.INFO, info.bytes());
        }
    }

    private boolean isWithinRate(Namespace namespace) {
        if (namespace.publishesPerSecond() == 0) {
            return true;
        }
        if (rates == null) {
            rates = new HashMap<>(2);
        }
        long now = System.nanoTime();
        return rates.computeIfAbsent(
                        namespace, _ -> new RateLimit(namespace.publishesPerSecond(), now))
                .allows(now);
    }
}
