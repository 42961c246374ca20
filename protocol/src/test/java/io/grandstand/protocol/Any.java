package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.ListArbitrary;

/// Arbitrary commands and messages. What is sent as `data` depends on the format.
final class Any {
    /// Raw JSON values on one line, or nothing.
    static final Arbitrary<byte[]> JSON =
            Arbitraries.of(
                            "",
                            "null",
                            "0",
                            "-1.50e3",
                            "{}",
                            "[]",
                            "{\"a\":[1,\"é\\n\\ud83c\",true],\"\":{\"b\":null}}",
                            "\"\\\"}\"",
                            "[[[[[[[[]]]]]]]]")
                    .map(text -> text.getBytes(UTF_8));

    static final Arbitrary<byte[]> BYTES = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);

    private static final Arbitrary<Boolean> BOOL = Arbitraries.of(true, false);
    private static final Arbitrary<Long> OFFSET =
            Arbitraries.oneOf(
                    Arbitraries.longs().greaterOrEqual(0),
                    Arbitraries.of(0L, 127L, 128L, 1L << 53, Long.MAX_VALUE));
    private static final Arbitrary<Long> ID =
            Arbitraries.oneOf(
                    Arbitraries.longs().between(0, 0xffff_ffffL),
                    Arbitraries.of(0L, 127L, 128L, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL));
    private static final Arbitrary<Integer> INT32 =
            Arbitraries.oneOf(
                    Arbitraries.integers(),
                    Arbitraries.of(-1, 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    private static final Arbitrary<Integer> POSITIVE = INT32.filter(number -> number >= 0);
    private static final Arbitrary<String> TEXT =
            Arbitraries.oneOf(
                    Arbitraries.strings().ascii().ofMaxLength(8),
                    Arbitraries.of("", "a:b", "é\u2028\ud83c\udfcf", "\"\\/\b\n\r\t\u0001\u007f"));

    private final Arbitrary<byte[]> data;

    private Any(Arbitrary<byte[]> data) {
        this.data = data;
    }

    static Arbitrary<Command> command(Arbitrary<byte[]> data) {
        var any = new Any(data);
        Arbitrary<Command.Request> request =
                Arbitraries.oneOf(
                        any.connect().map(r -> r),
                        any.subscribe().map(r -> r),
                        TEXT.map(Command.Unsubscribe::new),
                        Combinators.combine(TEXT, data, INT32).as(Command.Publish::new),
                        TEXT.map(Command.Presence::new),
                        TEXT.map(Command.PresenceStats::new),
                        Combinators.combine(TEXT, INT32, position().injectNull(0.3), BOOL)
                                .as(Command.History::new),
                        Arbitraries.just(new Command.Ping()),
                        data.map(Command.Send::new),
                        Combinators.combine(TEXT, data).as(Command.Rpc::new),
                        TEXT.map(Command.Refresh::new),
                        Combinators.combine(TEXT, TEXT, INT32).as(Command.SubRefresh::new));
        return Combinators.combine(ID, request.injectNull(0.05)).as(Command::new);
    }

    static Arbitrary<Message> message(Arbitrary<byte[]> data) {
        var any = new Any(data);
        return Arbitraries.oneOf(
                Arbitraries.just(new Message.Ping()),
                Combinators.combine(ID, any.result()).as(Message.Reply::new),
                Combinators.combine(TEXT, any.event()).as(Message.Push::new));
    }

    static Arbitrary<Message.Push> push(Arbitrary<byte[]> data) {
        return Combinators.combine(TEXT, new Any(data).event()).as(Message.Push::new);
    }

    private static Arbitrary<Position> position() {
        return Combinators.combine(OFFSET, TEXT).as(Position::new);
    }

    private Arbitrary<Command.Connect> connect() {
        return Combinators.combine(TEXT, data, map(subscribe()), TEXT, TEXT, map(TEXT))
                .as(Command.Connect::new);
    }

    private Arbitrary<Command.Subscribe> subscribe() {
        Arbitrary<Command.Subscribe> positions =
                Combinators.combine(TEXT, TEXT, BOOL, TEXT, OFFSET, data)
                        .as((channel, token, recover, epoch, offset, bytes) ->
                                new Command.Subscribe(
                                        channel, token, recover, epoch, offset, bytes, false, false,
                                        false, "", null, 0, 0));
        return Combinators.combine(
                        positions,
                        Arbitraries.integers().between(0, 7),
                        TEXT,
                        filter(2).injectNull(0.5),
                        Arbitraries.longs(),
                        INT32)
                .as((subscribe, bits, delta, filter, flags, type) ->
                        new Command.Subscribe(
                                subscribe.channel(),
                                subscribe.token(),
                                subscribe.recover(),
                                subscribe.epoch(),
                                subscribe.offset(),
                                subscribe.data(),
                                (bits & 1) != 0,
                                (bits & 2) != 0,
                                (bits & 4) != 0,
                                delta,
                                filter,
                                flags,
                                type));
    }

    private static Arbitrary<FilterNode> filter(int depth) {
        Arbitrary<List<FilterNode>> nodes =
                depth == 0 ? Arbitraries.just(List.of()) : list(filter(depth - 1));
        return Combinators.combine(TEXT, TEXT, TEXT, TEXT, list(TEXT), nodes).as(FilterNode::new);
    }

    private Arbitrary<Message.Result> result() {
        return Arbitraries.oneOf(
                Combinators.combine(POSITIVE, TEXT, BOOL).as(Message.Failed::new),
                connected().map(result -> result),
                subscribed().map(result -> result),
                Arbitraries.of(new Message.Unsubscribed(), new Message.Published()),
                map(clientInfo()).map(Message.PresenceResult::new),
                Combinators.combine(ID, ID).as(Message.PresenceStatsResult::new),
                Combinators.combine(list(publication()), position()).as(Message.HistoryResult::new),
                data.map(Message.RpcResult::new),
                Combinators.combine(TEXT, TEXT, BOOL, POSITIVE).as(Message.Refreshed::new),
                Combinators.combine(BOOL, POSITIVE).as(Message.SubRefreshed::new));
    }

    private Arbitrary<Message.Event> event() {
        return Arbitraries.oneOf(
                publication().map(Message.PublicationEvent::new),
                clientInfo().map(Message.Joined::new),
                clientInfo().map(Message.Left::new),
                Combinators.combine(POSITIVE, TEXT).as(Message.SubscriptionEnded::new),
                data.map(Message.DirectMessage::new),
                Combinators.combine(BOOL, TEXT, OFFSET, BOOL, data)
                        .as(Message.SubscriptionAdded::new),
                connected().map(event -> event),
                Combinators.combine(POSITIVE, TEXT).as(Message.Disconnected::new),
                Combinators.combine(BOOL, POSITIVE).as(Message.RefreshEvent::new));
    }

    private Arbitrary<Message.Connected> connected() {
        Arbitrary<Message.Subscribed> subscribed = subscribed();
        return Combinators.combine(
                        TEXT, TEXT, BOOL, POSITIVE, data, map(subscribed), POSITIVE, BOOL)
                .flatAs((client, version, expires, ttl, bytes, subs, ping, pong) ->
                        Combinators.combine(TEXT, TEXT)
                                .as((session, node) ->
                                        new Message.Connected(
                                                client, version, expires, ttl, bytes, subs, ping,
                                                pong, session, node)));
    }

    private Arbitrary<Message.Subscribed> subscribed() {
        return Combinators.combine(
                        BOOL,
                        POSITIVE,
                        Arbitraries.integers().between(0, 15),
                        TEXT,
                        OFFSET,
                        list(publication()),
                        data)
                .as((expires, ttl, bits, epoch, offset, publications, bytes) ->
                        new Message.Subscribed(
                                expires,
                                ttl,
                                (bits & 1) != 0,
                                (bits & 2) != 0,
                                epoch,
                                offset,
                                publications,
                                (bits & 4) != 0,
                                (bits & 8) != 0,
                                bytes));
    }

    private Arbitrary<Publication> publication() {
        return Combinators.combine(data, clientInfo().injectNull(0.5), OFFSET, map(TEXT))
                .as(Publication::new);
    }

    private Arbitrary<ClientInfo> clientInfo() {
        return Combinators.combine(TEXT, TEXT, data, data).as(ClientInfo::new);
    }

    private static <T> ListArbitrary<T> list(Arbitrary<T> element) {
        return element.list().ofMaxSize(2);
    }

    private static <T> Arbitrary<Map<String, T>> map(Arbitrary<T> value) {
        return Arbitraries.maps(TEXT, value).ofMaxSize(2);
    }
}
