package io.grandstand.protocol;

import static java.util.Collections.unmodifiableMap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The protocol in Protobuf: messages of `client.proto`, each preceded by its length as a varint.
///
/// Field numbers stand here as they do there. An empty result is written all the same: its field
/// says what it is the result of.
final class ProtobufCodec implements Codec {
    /// In order of precedence: where several requests stand in a command, the first here counts.
    private static final List<Integer> REQUESTS = List.of(4, 11, 5, 6, 7, 8, 9, 10, 13, 12, 14, 15);

    private static final byte[] NONE = {};

    @Override
    public List<Command> commands(byte[] frame) throws Malformed {
        var commands = new ArrayList<Command>();
        var in = new ProtobufReader(frame);
        try {
            while (!in.isAtEnd()) {
                commands.add(in.delimited(ProtobufCodec::command));
            }
        } catch (IOException notProtobuf) {
            throw new Malformed("not Protobuf");
        }
        if (commands.isEmpty()) {
            throw new Malformed("no command");
        }
        return commands;
    }

    @Override
    public Command.Connect connect(byte[] frame) throws Malformed {
        var in = new ProtobufReader(frame);
        try {
            if (in.isAtEnd()) {
                return Command.Connect.withToken("");
            }
            Command.Connect connect = in.delimited(ProtobufCodec::connectRequest);
            if (!in.isAtEnd()) {
                throw new Malformed("more than a connect request");
            }
            return connect;
        } catch (IOException notProtobuf) {
            throw new Malformed("not Protobuf");
        }
    }

    @Override
    public List<Message> messages(byte[] frame) throws Malformed {
        if (frame.length == 0) {
            throw new Malformed("no message");
        }
        var messages = new ArrayList<Message>();
        var in = new ProtobufReader(frame);
        try {
            while (!in.isAtEnd()) {
                in.delimited(ProtobufCodec::message).ifPresent(messages::add);
            }
        } catch (IOException notProtobuf) {
            throw new Malformed("not Protobuf");
        }
        return messages;
    }

    @Override
    public byte[] encode(Command command) {
        var out = new ProtobufWriter().number(1, command.id());
        if (command.request() != null) {
            write(out, command.request());
        }
        return out.toDelimited();
    }

    @Override
    public byte[] encode(Message message) {
        return switch (message) {
            case Message.Ping _ -> new byte[1];
            case Message.Reply(long id, Message.Result result) -> {
                var out = new ProtobufWriter().number(1, id);
                write(out, result);
                yield out.toDelimited();
            }
            case Message.Push push ->
                    new ProtobufWriter().message(4, push, ProtobufCodec::write).toDelimited();
        };
    }

    @Override
    public byte[] encodeBare(Message.Push push) {
        var out = new ProtobufWriter();
        write(out, push);
        return out.toDelimited();
    }

    private static Command command(ProtobufReader in) throws IOException, Malformed {
        long id = 0;
        int precedence = REQUESTS.size();
        Command.Request request = null;
        while (in.nextField()) {
            int index = REQUESTS.indexOf(in.field());
            if (in.field() == 1) {
                id = in.uint32();
            } else if (0 <= index && index <= precedence) {
                request = request(in.field(), in);
                precedence = index;
            } else {
                in.skip();
            }
        }
        return id == 0 && request == null ? Command.PONG : new Command(id, request);
    }

    private static Command.Request request(int field, ProtobufReader in)
            throws IOException, Malformed {
        return switch (field) {
            case 4 -> in.message(ProtobufCodec::connectRequest);
            case 5 -> in.message(ProtobufCodec::subscribeRequest);
            case 6 -> new Command.Unsubscribe(in.message(ProtobufCodec::channel));
            case 7 -> in.message(ProtobufCodec::publishRequest);
            case 8 -> new Command.Presence(in.message(ProtobufCodec::channel));
            case 9 -> new Command.PresenceStats(in.message(ProtobufCodec::channel));
            case 10 -> in.message(ProtobufCodec::historyRequest);
            case 11 -> in.message(ProtobufCodec::pingRequest);
            case 12 -> new Command.Send(in.message(ProtobufCodec::data));
            case 13 -> in.message(ProtobufCodec::rpcRequest);
            case 14 -> in.message(ProtobufCodec::refreshRequest);
            case 15 -> in.message(ProtobufCodec::subRefreshRequest);
            default -> throw new AssertionError(field);
        };
    }

    private static Command.Connect connectRequest(ProtobufReader in) throws IOException, Malformed {
        String token = "";
        byte[] data = NONE;
        var subs = new HashMap<String, Command.Subscribe>();
        String name = "";
        String version = "";
        var headers = new HashMap<String, String>();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> token = in.text();
                case 2 -> data = in.bytes();
                case 3 -> in.messageEntry(subs, ProtobufCodec::subscribeRequest);
                case 4 -> name = in.text();
                case 5 -> version = in.text();
                case 6 -> in.textEntry(headers);
                default -> in.skip();
            }
        }
        return new Command.Connect(
                token, data, unmodifiableMap(subs), name, version, unmodifiableMap(headers));
    }

    private static Command.Ping pingRequest(ProtobufReader in) throws IOException, Malformed {
        while (in.nextField()) {
            in.skip();
        }
        return new Command.Ping();
    }

    private static Command.Subscribe subscribeRequest(ProtobufReader in)
            throws IOException, Malformed {
        String channel = "";
        String token = "";
        boolean recover = false;
        String epoch = "";
        long offset = 0;
        byte[] data = NONE;
        boolean positioned = false;
        boolean recoverable = false;
        boolean joinLeave = false;
        String delta = "";
        FilterNode filter = null;
        long flags = 0;
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> recover = in.bool();
                case 6 -> epoch = in.text();
                case 7 -> offset = in.unsigned();
                case 8 -> data = in.bytes();
                case 9 -> positioned = in.bool();
                case 10 -> recoverable = in.bool();
                case 11 -> joinLeave = in.bool();
                case 12 -> delta = in.text();
                case 13 -> filter = filter(in, 1);
                case 14 -> flags = in.int64();
                case 15 -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.Subscribe(
                channel,
                token,
                recover,
                epoch,
                offset,
                data,
                positioned,
                recoverable,
                joinLeave,
                delta,
                filter,
                flags,
                type);
    }

    /// @param depth of the filter in `in`, 1 for the outermost
    private static FilterNode filter(ProtobufReader in, int depth) throws IOException, Malformed {
        if (depth > FilterNode.DEPTH_MAX) {
            throw new Malformed("filter nested too deep");
        }
        return in.message(node -> {
            String op = "";
            String key = "";
            String cmp = "";
            String val = "";
            var vals = new ArrayList<String>();
            var nodes = new ArrayList<FilterNode>();
            while (node.nextField()) {
                switch (node.field()) {
                    case 1 -> op = node.text();
                    case 2 -> key = node.text();
                    case 3 -> cmp = node.text();
                    case 4 -> val = node.text();
                    case 5 -> vals.add(node.text());
                    case 6 -> nodes.add(filter(node, depth + 1));
                    default -> node.skip();
                }
            }
            return new FilterNode(op, key, cmp, val, List.copyOf(vals), List.copyOf(nodes));
        });
    }

    private static Command.Publish publishRequest(ProtobufReader in) throws IOException, Malformed {
        String channel = "";
        byte[] data = NONE;
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 2 -> data = in.bytes();
                case 3 -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.Publish(channel, data, type);
    }

    private static Command.History historyRequest(ProtobufReader in) throws IOException, Malformed {
        String channel = "";
        int limit = 0;
        Position since = null;
        boolean reverse = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 7 -> limit = in.int32();
                case 8 -> since = in.message(ProtobufCodec::position);
                case 9 -> reverse = in.bool();
                default -> in.skip();
            }
        }
        return new Command.History(channel, limit, since, reverse);
    }

    private static Position position(ProtobufReader in) throws IOException, Malformed {
        long offset = 0;
        String epoch = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> offset = in.unsigned();
                case 2 -> epoch = in.text();
                default -> in.skip();
            }
        }
        return new Position(offset, epoch);
    }

    private static Command.Rpc rpcRequest(ProtobufReader in) throws IOException, Malformed {
        String method = "";
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case 2 -> method = in.text();
                case 1 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Command.Rpc(method, data);
    }

    private static Command.Refresh refreshRequest(ProtobufReader in) throws IOException, Malformed {
        String token = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> token = in.text();
                default -> in.skip();
            }
        }
        return new Command.Refresh(token);
    }

    private static Command.SubRefresh subRefreshRequest(ProtobufReader in)
            throws IOException, Malformed {
        String channel = "";
        String token = "";
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.SubRefresh(channel, token, type);
    }

    /// Of an object in which nothing but `channel` matters.
    private static String channel(ProtobufReader in) throws IOException, Malformed {
        String channel = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.text();
                default -> in.skip();
            }
        }
        return channel;
    }

    /// Of an object in which nothing but `data` matters.
    private static byte[] data(ProtobufReader in) throws IOException, Malformed {
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return data;
    }

    /// Empty for a message of a kind that is not known here.
    private static Optional<Message> message(ProtobufReader in) throws IOException, Malformed {
        long id = 0;
        boolean empty = true;
        Message.Result error = null;
        Message.Result result = null;
        Optional<Message.Push> push = Optional.empty();
        while (in.nextField()) {
            empty = false;
            switch (in.field()) {
                case 1 -> id = in.uint32();
                case 2 -> error = in.message(ProtobufCodec::failed);
                case 4 -> push = in.message(ProtobufCodec::push);
                case 5 -> result = in.message(ProtobufCodec::connected);
                case 6 -> result = in.message(ProtobufCodec::subscribed);
                case 7 -> {
                    in.skip();
                    result = new Message.Unsubscribed();
                }
                case 8 -> {
                    in.skip();
                    result = new Message.Published();
                }
                case 9 -> result = in.message(ProtobufCodec::presence);
                case 10 -> result = in.message(ProtobufCodec::presenceStats);
                case 11 -> result = in.message(ProtobufCodec::history);
                case 13 -> result = new Message.RpcResult(in.message(ProtobufCodec::data));
                case 14 -> result = in.message(ProtobufCodec::refreshed);
                case 15 -> result = in.message(ProtobufCodec::subRefreshed);
                default -> in.skip();
            }
        }
        if (push.isPresent()) {
            return Optional.of(push.get());
        }
        if (error != null) {
            return Optional.of(new Message.Reply(id, error));
        }
        if (result != null) {
            return Optional.of(new Message.Reply(id, result));
        }
        return empty ? Optional.of(new Message.Ping()) : Optional.empty();
    }

    private static Message.Failed failed(ProtobufReader in) throws IOException, Malformed {
        int code = 0;
        String message = "";
        boolean temporary = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> code = in.code();
                case 2 -> message = in.text();
                case 3 -> temporary = in.bool();
                default -> in.skip();
            }
        }
        return new Message.Failed(code, message, temporary);
    }

    private static Message.Connected connected(ProtobufReader in) throws IOException, Malformed {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        byte[] data = NONE;
        var subs = new HashMap<String, Message.Subscribed>();
        int pingSeconds = 0;
        boolean pong = false;
        String session = "";
        String node = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> client = in.text();
                case 2 -> version = in.text();
                case 3 -> expires = in.bool();
                case 4 -> ttlSeconds = in.seconds();
                case 5 -> data = in.bytes();
                case 6 -> in.messageEntry(subs, ProtobufCodec::subscribed);
                case 7 -> pingSeconds = in.seconds();
                case 8 -> pong = in.bool();
                case 9 -> session = in.text();
                case 10 -> node = in.text();
                default -> in.skip();
            }
        }
        return new Message.Connected(
                client,
                version,
                expires,
                ttlSeconds,
                data,
                unmodifiableMap(subs),
                pingSeconds,
                pong,
                session,
                node);
    }

    private static Message.Subscribed subscribed(ProtobufReader in) throws IOException, Malformed {
        boolean expires = false;
        int ttlSeconds = 0;
        boolean recoverable = false;
        boolean positioned = false;
        String epoch = "";
        long offset = 0;
        var publications = new ArrayList<Publication>();
        boolean recovered = false;
        boolean wasRecovering = false;
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> expires = in.bool();
                case 2 -> ttlSeconds = in.seconds();
                case 3 -> recoverable = in.bool();
                case 10 -> positioned = in.bool();
                case 6 -> epoch = in.text();
                case 9 -> offset = in.unsigned();
                case 7 -> publications.add(in.message(ProtobufCodec::publication));
                case 8 -> recovered = in.bool();
                case 12 -> wasRecovering = in.bool();
                case 11 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Message.Subscribed(
                expires,
                ttlSeconds,
                recoverable,
                positioned,
                epoch,
                offset,
                List.copyOf(publications),
                recovered,
                wasRecovering,
                data);
    }

    private static Publication publication(ProtobufReader in) throws IOException, Malformed {
        byte[] data = NONE;
        ClientInfo info = null;
        long offset = 0;
        var tags = new HashMap<String, String>();
        while (in.nextField()) {
            switch (in.field()) {
                case 4 -> data = in.bytes();
                case 5 -> info = in.message(ProtobufCodec::clientInfo);
                case 6 -> offset = in.unsigned();
                case 7 -> in.textEntry(tags);
                default -> in.skip();
            }
        }
        return new Publication(data, info, offset, unmodifiableMap(tags));
    }

    private static ClientInfo clientInfo(ProtobufReader in) throws IOException, Malformed {
        String user = "";
        String client = "";
        byte[] connInfo = NONE;
        byte[] chanInfo = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> user = in.text();
                case 2 -> client = in.text();
                case 3 -> connInfo = in.bytes();
                case 4 -> chanInfo = in.bytes();
                default -> in.skip();
            }
        }
        return new ClientInfo(user, client, connInfo, chanInfo);
    }

    private static Message.PresenceResult presence(ProtobufReader in)
            throws IOException, Malformed {
        var clients = new HashMap<String, ClientInfo>();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> in.messageEntry(clients, ProtobufCodec::clientInfo);
                default -> in.skip();
            }
        }
        return new Message.PresenceResult(unmodifiableMap(clients));
    }

    private static Message.PresenceStatsResult presenceStats(ProtobufReader in)
            throws IOException, Malformed {
        long clients = 0;
        long users = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> clients = in.uint32();
                case 2 -> users = in.uint32();
                default -> in.skip();
            }
        }
        return new Message.PresenceStatsResult(clients, users);
    }

    private static Message.HistoryResult history(ProtobufReader in) throws IOException, Malformed {
        var publications = new ArrayList<Publication>();
        String epoch = "";
        long offset = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> publications.add(in.message(ProtobufCodec::publication));
                case 2 -> epoch = in.text();
                case 3 -> offset = in.unsigned();
                default -> in.skip();
            }
        }
        return new Message.HistoryResult(List.copyOf(publications), new Position(offset, epoch));
    }

    private static Message.Refreshed refreshed(ProtobufReader in) throws IOException, Malformed {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> client = in.text();
                case 2 -> version = in.text();
                case 3 -> expires = in.bool();
                case 4 -> ttlSeconds = in.seconds();
                default -> in.skip();
            }
        }
        return new Message.Refreshed(client, version, expires, ttlSeconds);
    }

    private static Message.SubRefreshed subRefreshed(ProtobufReader in)
            throws IOException, Malformed {
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> expires = in.bool();
                case 2 -> ttlSeconds = in.seconds();
                default -> in.skip();
            }
        }
        return new Message.SubRefreshed(expires, ttlSeconds);
    }

    /// Empty for an event of a kind that is not known here.
    private static Optional<Message.Push> push(ProtobufReader in) throws IOException, Malformed {
        String channel = "";
        Message.Event event = null;
        while (in.nextField()) {
            switch (in.field()) {
                case 2 -> channel = in.text();
                case 4 ->
                        event =
                                new Message.PublicationEvent(
                                        in.message(ProtobufCodec::publication));
                case 5 -> event = new Message.Joined(in.message(ProtobufCodec::info));
                case 6 -> event = new Message.Left(in.message(ProtobufCodec::info));
                case 7 -> event = in.message(ProtobufCodec::subscriptionEnded);
                case 8 -> event = new Message.DirectMessage(in.message(ProtobufCodec::data));
                case 9 -> event = in.message(ProtobufCodec::subscriptionAdded);
                case 10 -> event = in.message(ProtobufCodec::connectedEvent);
                case 11 -> event = in.message(ProtobufCodec::disconnected);
                case 12 -> event = in.message(ProtobufCodec::refreshEvent);
                default -> in.skip();
            }
        }
        return event == null ? Optional.empty() : Optional.of(new Message.Push(channel, event));
    }

    private static ClientInfo info(ProtobufReader in) throws IOException, Malformed {
        ClientInfo info = ClientInfo.NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> info = in.message(ProtobufCodec::clientInfo);
                default -> in.skip();
            }
        }
        return info;
    }

    /// The same as `connected`, with some other numbers.
    private static Message.Connected connectedEvent(ProtobufReader in)
            throws IOException, Malformed {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        byte[] data = NONE;
        var subs = new HashMap<String, Message.Subscribed>();
        int pingSeconds = 0;
        boolean pong = false;
        String session = "";
        String node = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> client = in.text();
                case 2 -> version = in.text();
                case 5 -> expires = in.bool();
                case 6 -> ttlSeconds = in.seconds();
                case 3 -> data = in.bytes();
                case 4 -> in.messageEntry(subs, ProtobufCodec::subscribed);
                case 7 -> pingSeconds = in.seconds();
                case 8 -> pong = in.bool();
                case 9 -> session = in.text();
                case 10 -> node = in.text();
                default -> in.skip();
            }
        }
        return new Message.Connected(
                client,
                version,
                expires,
                ttlSeconds,
                data,
                unmodifiableMap(subs),
                pingSeconds,
                pong,
                session,
                node);
    }

    private static Message.SubscriptionEnded subscriptionEnded(ProtobufReader in)
            throws IOException, Malformed {
        int code = 0;
        String reason = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 2 -> code = in.code();
                case 3 -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Message.SubscriptionEnded(code, reason);
    }

    private static Message.SubscriptionAdded subscriptionAdded(ProtobufReader in)
            throws IOException, Malformed {
        boolean recoverable = false;
        String epoch = "";
        long offset = 0;
        boolean positioned = false;
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> recoverable = in.bool();
                case 4 -> epoch = in.text();
                case 5 -> offset = in.unsigned();
                case 6 -> positioned = in.bool();
                case 7 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Message.SubscriptionAdded(recoverable, epoch, offset, positioned, data);
    }

    private static Message.Disconnected disconnected(ProtobufReader in)
            throws IOException, Malformed {
        int code = 0;
        String reason = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> code = in.code();
                case 2 -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Message.Disconnected(code, reason);
    }

    private static Message.RefreshEvent refreshEvent(ProtobufReader in)
            throws IOException, Malformed {
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> expires = in.bool();
                case 2 -> ttlSeconds = in.seconds();
                default -> in.skip();
            }
        }
        return new Message.RefreshEvent(expires, ttlSeconds);
    }

    private static void write(ProtobufWriter out, Command.Request request) {
        switch (request) {
            case Command.Connect connect ->
                    out.message(
                            4,
                            new ProtobufWriter()
                                    .text(1, connect.token())
                                    .bytes(2, connect.data())
                                    .messageMap(3, connect.subs(), ProtobufCodec::write)
                                    .text(4, connect.name())
                                    .text(5, connect.version())
                                    .textMap(6, connect.headers()));
            case Command.Subscribe subscribe -> out.message(5, subscribe, ProtobufCodec::write);
            case Command.Unsubscribe(String channel) ->
                    out.message(6, new ProtobufWriter().text(1, channel));
            case Command.Publish(String channel, byte[] data, int type) ->
                    out.message(
                            7,
                            new ProtobufWriter().text(1, channel).bytes(2, data).number(3, type));
            case Command.Presence(String channel) ->
                    out.message(8, new ProtobufWriter().text(1, channel));
            case Command.PresenceStats(String channel) ->
                    out.message(9, new ProtobufWriter().text(1, channel));
            case Command.History(String channel, int limit, Position since, boolean reverse) -> {
                var history = new ProtobufWriter().text(1, channel).number(7, limit);
                if (since != null) {
                    history.message(
                            8,
                            new ProtobufWriter().number(1, since.offset()).text(2, since.epoch()));
                }
                out.message(10, history.bool(9, reverse));
            }
            case Command.Ping _ -> out.message(11, new ProtobufWriter());
            case Command.Send(byte[] data) -> out.message(12, new ProtobufWriter().bytes(1, data));
            case Command.Rpc(String method, byte[] data) ->
                    out.message(13, new ProtobufWriter().bytes(1, data).text(2, method));
            case Command.Refresh(String token) ->
                    out.message(14, new ProtobufWriter().text(1, token));
            case Command.SubRefresh(String channel, String token, int type) ->
                    out.message(
                            15,
                            new ProtobufWriter().text(1, channel).text(2, token).number(3, type));
        }
    }

    private static void write(ProtobufWriter out, Command.Subscribe subscribe) {
        out.text(1, subscribe.channel())
                .text(2, subscribe.token())
                .bool(3, subscribe.recover())
                .text(6, subscribe.epoch())
                .number(7, subscribe.offset())
                .bytes(8, subscribe.data())
                .bool(9, subscribe.positioned())
                .bool(10, subscribe.recoverable())
                .bool(11, subscribe.joinLeave())
                .text(12, subscribe.delta());
        if (subscribe.filter() != null) {
            out.message(13, subscribe.filter(), ProtobufCodec::write);
        }
        out.number(14, subscribe.flags()).number(15, subscribe.type());
    }

    private static void write(ProtobufWriter out, FilterNode node) {
        out.text(1, node.op())
                .text(2, node.key())
                .text(3, node.cmp())
                .text(4, node.val())
                .texts(5, node.vals());
        for (FilterNode operand : node.nodes()) {
            out.message(6, operand, ProtobufCodec::write);
        }
    }

    private static void write(ProtobufWriter out, Message.Result result) {
        switch (result) {
            case Message.Failed(int code, String message, boolean temporary) ->
                    out.message(
                            2,
                            new ProtobufWriter()
                                    .number(1, code)
                                    .text(2, message)
                                    .bool(3, temporary));
            case Message.Connected connected ->
                    out.message(
                            5,
                            new ProtobufWriter()
                                    .text(1, connected.client())
                                    .text(2, connected.version())
                                    .bool(3, connected.expires())
                                    .number(4, connected.ttlSeconds())
                                    .bytes(5, connected.data())
                                    .messageMap(6, connected.subs(), ProtobufCodec::write)
                                    .number(7, connected.pingSeconds())
                                    .bool(8, connected.pong())
                                    .text(9, connected.session())
                                    .text(10, connected.node()));
            case Message.Subscribed subscribed -> out.message(6, subscribed, ProtobufCodec::write);
            case Message.Unsubscribed _ -> out.message(7, new ProtobufWriter());
            case Message.Published _ -> out.message(8, new ProtobufWriter());
            case Message.PresenceResult(Map<String, ClientInfo> clients) ->
                    out.message(
                            9, new ProtobufWriter().messageMap(1, clients, ProtobufCodec::write));
            case Message.PresenceStatsResult(long clients, long users) ->
                    out.message(10, new ProtobufWriter().number(1, clients).number(2, users));
            case Message.HistoryResult(List<Publication> publications, Position top) -> {
                var history = new ProtobufWriter();
                for (Publication publication : publications) {
                    history.message(1, publication, ProtobufCodec::write);
                }
                out.message(11, history.text(2, top.epoch()).number(3, top.offset()));
            }
            case Message.RpcResult(byte[] data) ->
                    out.message(13, new ProtobufWriter().bytes(1, data));
            case Message.Refreshed(
                            String client,
                            String version,
                            boolean expires,
                            int ttlSeconds) ->
                    out.message(
                            14,
                            new ProtobufWriter()
                                    .text(1, client)
                                    .text(2, version)
                                    .bool(3, expires)
                                    .number(4, ttlSeconds));
            case Message.SubRefreshed(boolean expires, int ttlSeconds) ->
                    out.message(15, new ProtobufWriter().bool(1, expires).number(2, ttlSeconds));
        }
    }

    private static void write(ProtobufWriter out, Message.Subscribed subscribed) {
        out.bool(1, subscribed.expires())
                .number(2, subscribed.ttlSeconds())
                .bool(3, subscribed.recoverable())
                .text(6, subscribed.epoch());
        for (Publication publication : subscribed.publications()) {
            out.message(7, publication, ProtobufCodec::write);
        }
        out.bool(8, subscribed.recovered())
                .number(9, subscribed.offset())
                .bool(10, subscribed.positioned())
                .bytes(11, subscribed.data())
                .bool(12, subscribed.wasRecovering());
    }

    private static void write(ProtobufWriter out, Publication publication) {
        out.bytes(4, publication.data());
        if (publication.info() != null) {
            out.message(5, publication.info(), ProtobufCodec::write);
        }
        out.number(6, publication.offset()).textMap(7, publication.tags());
    }

    private static void write(ProtobufWriter out, ClientInfo info) {
        out.text(1, info.user())
                .text(2, info.client())
                .bytes(3, info.connInfo())
                .bytes(4, info.chanInfo());
    }

    private static void write(ProtobufWriter out, Message.Push push) {
        out.text(2, push.channel());
        switch (push.event()) {
            case Message.PublicationEvent(Publication publication) ->
                    out.message(4, publication, ProtobufCodec::write);
            case Message.Joined(ClientInfo info) -> out.message(5, info, ProtobufCodec::writeInfo);
            case Message.Left(ClientInfo info) -> out.message(6, info, ProtobufCodec::writeInfo);
            case Message.SubscriptionEnded(int code, String reason) ->
                    out.message(7, new ProtobufWriter().number(2, code).text(3, reason));
            case Message.DirectMessage(byte[] data) ->
                    out.message(8, new ProtobufWriter().bytes(1, data));
            case Message.SubscriptionAdded(
                            boolean recoverable,
                            String epoch,
                            long offset,
                            boolean positioned,
                            byte[] data) ->
                    out.message(
                            9,
                            new ProtobufWriter()
                                    .bool(1, recoverable)
                                    .text(4, epoch)
                                    .number(5, offset)
                                    .bool(6, positioned)
                                    .bytes(7, data));
            case Message.Connected connected ->
                    out.message(
                            10,
                            new ProtobufWriter()
                                    .text(1, connected.client())
                                    .text(2, connected.version())
                                    .bytes(3, connected.data())
                                    .messageMap(4, connected.subs(), ProtobufCodec::write)
                                    .bool(5, connected.expires())
                                    .number(6, connected.ttlSeconds())
                                    .number(7, connected.pingSeconds())
                                    .bool(8, connected.pong())
                                    .text(9, connected.session())
                                    .text(10, connected.node()));
            case Message.Disconnected(int code, String reason) ->
                    out.message(11, new ProtobufWriter().number(1, code).text(2, reason));
            case Message.RefreshEvent(boolean expires, int ttlSeconds) ->
                    out.message(12, new ProtobufWriter().bool(1, expires).number(2, ttlSeconds));
        }
    }

    private static void writeInfo(ProtobufWriter out, ClientInfo info) {
        out.message(1, info, ProtobufCodec::write);
    }
}
