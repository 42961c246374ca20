package io.grandstand.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The protocol in JSON: one object a line, `data` and the like embedded as they are.
///
/// Zero values are left out, as clients expect; an empty result is written all the same.
final class JsonCodec implements Codec {
    /// Objects and lists in a command may be nested this deep, `data` included.
    private static final int COMMAND_NESTING_MAX = 64;

    /// What a server passes on may be nested as deep as `RawJson` allows, and lies within a
    /// message.
    private static final int MESSAGE_NESTING_MAX = JsonScan.NESTING_MAX + 16;

    static final JsonFactory COMMANDS = JsonReader.factory(COMMAND_NESTING_MAX);
    private static final JsonFactory MESSAGES = JsonReader.factory(MESSAGE_NESTING_MAX);

    /// In order of precedence: where several requests stand in a command, the first here counts.
    private static final List<String> REQUESTS =
            List.of(
                    "connect",
                    "ping",
                    "subscribe",
                    "unsubscribe",
                    "publish",
                    "presence",
                    "presence_stats",
                    "history",
                    "rpc",
                    "send",
                    "refresh",
                    "sub_refresh");

    private static final byte[] NONE = {};

    @Override
    public List<Command> commands(byte[] frame) throws Malformed {
        var commands = new ArrayList<Command>();
        try (var in = new JsonReader(COMMANDS, frame)) {
            while (in.nextValue()) {
                commands.add(in.object(JsonCodec::command));
            }
        } catch (IOException notJson) {
            throw new Malformed("not JSON");
        }
        if (commands.isEmpty()) {
            throw new Malformed("no command");
        }
        return commands;
    }

    @Override
    public Command.Connect connect(byte[] frame) throws Malformed {
        try (var in = new JsonReader(COMMANDS, frame)) {
            if (!in.nextValue()) {
                return Command.Connect.withToken("");
            }
            Command.Connect connect =
                    in.isNull()
                            ? Command.Connect.withToken("")
                            : in.object(JsonCodec::connectRequest);
            if (in.nextValue()) {
                throw new Malformed("more than a connect request");
            }
            return connect;
        } catch (IOException notJson) {
            throw new Malformed("not JSON");
        }
    }

    @Override
    public List<Message> messages(byte[] frame) throws Malformed {
        var messages = new ArrayList<Message>();
        boolean empty = true;
        try (var in = new JsonReader(MESSAGES, frame)) {
            while (in.nextValue()) {
                empty = false;
                in.object(JsonCodec::message).ifPresent(messages::add);
            }
        } catch (IOException notJson) {
            throw new Malformed("not JSON");
        }
        if (empty) {
            throw new Malformed("no message");
        }
        return messages;
    }

    @Override
    public byte[] encode(Command command) {
        var out = new JsonWriter(128).begin().number("id", command.id());
        if (command.request() != null) {
            write(out, command.request());
        }
        return out.end().toArray();
    }

    @Override
    public byte[] encode(Message message) {
        return switch (message) {
            case Message.Ping _ -> new byte[] {'{', '}'};
            case Message.Reply(long id, Message.Result result) -> {
                var out = new JsonWriter(128).begin().number("id", id);
                write(out, result);
                yield out.end().toArray();
            }
            case Message.Push push -> {
                var out = writer(push).begin().begin("push");
                write(out, push);
                yield out.end().end().toArray();
            }
        };
    }

    @Override
    public byte[] encodeBare(Message.Push push) {
        var out = writer(push).begin();
        write(out, push);
        return out.end().toArray();
    }

    private static Command command(JsonReader in) throws IOException, Malformed {
        long id = 0;
        int precedence = REQUESTS.size();
        Command.Request request = null;
        while (in.nextField()) {
            String field = in.field();
            int index = REQUESTS.indexOf(field);
            if (field.equals("id")) {
                id = in.uint32();
            } else if (0 <= index && index <= precedence) {
                request = request(field, in);
                precedence = index;
            } else {
                in.skip();
            }
        }
        return id == 0 && request == null ? Command.PONG : new Command(id, request);
    }

    private static Command.Request request(String name, JsonReader in)
            throws IOException, Malformed {
        return switch (name) {
            case "connect" -> in.object(JsonCodec::connectRequest);
            case "ping" -> in.object(JsonCodec::pingRequest);
            case "subscribe" -> in.object(JsonCodec::subscribeRequest);
            case "unsubscribe" -> new Command.Unsubscribe(in.object(JsonCodec::channel));
            case "publish" -> in.object(JsonCodec::publishRequest);
            case "presence" -> new Command.Presence(in.object(JsonCodec::channel));
            case "presence_stats" -> new Command.PresenceStats(in.object(JsonCodec::channel));
            case "history" -> in.object(JsonCodec::historyRequest);
            case "rpc" -> in.object(JsonCodec::rpcRequest);
            case "send" -> new Command.Send(in.object(JsonCodec::data));
            case "refresh" -> in.object(JsonCodec::refreshRequest);
            case "sub_refresh" -> in.object(JsonCodec::subRefreshRequest);
            default -> throw new AssertionError(name);
        };
    }

    private static Command.Connect connectRequest(JsonReader in) throws IOException, Malformed {
        String token = "";
        byte[] data = NONE;
        Map<String, Command.Subscribe> subs = Map.of();
        String name = "";
        String version = "";
        Map<String, String> headers = Map.of();
        while (in.nextField()) {
            switch (in.field()) {
                case "token" -> token = in.text();
                case "data" -> data = in.json();
                case "subs" -> subs = in.objectMap(JsonCodec::subscribeRequest);
                case "name" -> name = in.text();
                case "version" -> version = in.text();
                case "headers" -> headers = in.textMap();
                default -> in.skip();
            }
        }
        return new Command.Connect(token, data, subs, name, version, headers);
    }

    private static Command.Ping pingRequest(JsonReader in) throws IOException, Malformed {
        while (in.nextField()) {
            in.skip();
        }
        return new Command.Ping();
    }

    private static Command.Subscribe subscribeRequest(JsonReader in) throws IOException, Malformed {
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
                case "channel" -> channel = in.text();
                case "token" -> token = in.text();
                case "recover" -> recover = in.bool();
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.unsigned();
                case "data" -> data = in.json();
                case "positioned" -> positioned = in.bool();
                case "recoverable" -> recoverable = in.bool();
                case "join_leave" -> joinLeave = in.bool();
                case "delta" -> delta = in.text();
                case "tf" -> filter = in.isNull() ? null : filter(in, 1);
                case "flag" -> flags = in.int64();
                case "type" -> type = in.int32();
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
    private static FilterNode filter(JsonReader in, int depth) throws IOException, Malformed {
        if (depth > FilterNode.DEPTH_MAX) {
            throw new Malformed("filter nested too deep");
        }
        return in.object(node -> {
            String op = "";
            String key = "";
            String cmp = "";
            String val = "";
            List<String> vals = List.of();
            List<FilterNode> nodes = List.of();
            while (node.nextField()) {
                switch (node.field()) {
                    case "op" -> op = node.text();
                    case "key" -> key = node.text();
                    case "cmp" -> cmp = node.text();
                    case "val" -> val = node.text();
                    case "vals" -> vals = node.texts();
                    case "nodes" -> nodes = node.objects(n -> filter(n, depth + 1));
                    default -> node.skip();
                }
            }
            return new FilterNode(op, key, cmp, val, vals, nodes);
        });
    }

    private static Command.Publish publishRequest(JsonReader in) throws IOException, Malformed {
        String channel = "";
        byte[] data = NONE;
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "channel" -> channel = in.text();
                case "data" -> data = in.json();
                case "type" -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.Publish(channel, data, type);
    }

    private static Command.History historyRequest(JsonReader in) throws IOException, Malformed {
        String channel = "";
        int limit = 0;
        Position since = null;
        boolean reverse = false;
        while (in.nextField()) {
            switch (in.field()) {
                case "channel" -> channel = in.text();
                case "limit" -> limit = in.int32();
                case "since" -> since = in.isNull() ? null : in.object(JsonCodec::position);
                case "reverse" -> reverse = in.bool();
                default -> in.skip();
            }
        }
        return new Command.History(channel, limit, since, reverse);
    }

    private static Position position(JsonReader in) throws IOException, Malformed {
        long offset = 0;
        String epoch = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "offset" -> offset = in.unsigned();
                case "epoch" -> epoch = in.text();
                default -> in.skip();
            }
        }
        return new Position(offset, epoch);
    }

    private static Command.Rpc rpcRequest(JsonReader in) throws IOException, Malformed {
        String method = "";
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case "method" -> method = in.text();
                case "data" -> data = in.json();
                default -> in.skip();
            }
        }
        return new Command.Rpc(method, data);
    }

    private static Command.Refresh refreshRequest(JsonReader in) throws IOException, Malformed {
        String token = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "token" -> token = in.text();
                default -> in.skip();
            }
        }
        return new Command.Refresh(token);
    }

    private static Command.SubRefresh subRefreshRequest(JsonReader in)
            throws IOException, Malformed {
        String channel = "";
        String token = "";
        int type = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "channel" -> channel = in.text();
                case "token" -> token = in.text();
                case "type" -> type = in.int32();
                default -> in.skip();
            }
        }
        return new Command.SubRefresh(channel, token, type);
    }

    /// Of an object in which nothing but `channel` matters.
    private static String channel(JsonReader in) throws IOException, Malformed {
        String channel = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "channel" -> channel = in.text();
                default -> in.skip();
            }
        }
        return channel;
    }

    /// Of an object in which nothing but `data` matters.
    private static byte[] data(JsonReader in) throws IOException, Malformed {
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case "data" -> data = in.json();
                default -> in.skip();
            }
        }
        return data;
    }

    /// Empty for a message of a kind that is not known here.
    private static Optional<Message> message(JsonReader in) throws IOException, Malformed {
        long id = 0;
        boolean empty = true;
        Message.Result error = null;
        Message.Result result = null;
        Optional<Message.Push> push = Optional.empty();
        while (in.nextField()) {
            empty = false;
            switch (in.field()) {
                case "id" -> id = in.uint32();
                case "error" -> error = in.object(JsonCodec::failed);
                case "push" -> push = in.object(JsonCodec::push);
                case "connect" -> result = in.object(JsonCodec::connected);
                case "subscribe" -> result = in.object(JsonCodec::subscribed);
                case "unsubscribe" -> {
                    in.skip();
                    result = new Message.Unsubscribed();
                }
                case "publish" -> {
                    in.skip();
                    result = new Message.Published();
                }
                case "presence" -> result = in.object(JsonCodec::presence);
                case "presence_stats" -> result = in.object(JsonCodec::presenceStats);
                case "history" -> result = in.object(JsonCodec::history);
                case "rpc" -> result = new Message.RpcResult(in.object(JsonCodec::data));
                case "refresh" -> result = in.object(JsonCodec::refreshed);
                case "sub_refresh" -> result = in.object(JsonCodec::subRefreshed);
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

    private static Message.Failed failed(JsonReader in) throws IOException, Malformed {
        int code = 0;
        String message = "";
        boolean temporary = false;
        while (in.nextField()) {
            switch (in.field()) {
                case "code" -> code = in.code();
                case "message" -> message = in.text();
                case "temporary" -> temporary = in.bool();
                default -> in.skip();
            }
        }
        return new Message.Failed(code, message, temporary);
    }

    private static Message.Connected connected(JsonReader in) throws IOException, Malformed {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        byte[] data = NONE;
        Map<String, Message.Subscribed> subs = Map.of();
        int pingSeconds = 0;
        boolean pong = false;
        String session = "";
        String node = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "client" -> client = in.text();
                case "version" -> version = in.text();
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.seconds();
                case "data" -> data = in.json();
                case "subs" -> subs = in.objectMap(JsonCodec::subscribed);
                case "ping" -> pingSeconds = in.seconds();
                case "pong" -> pong = in.bool();
                case "session" -> session = in.text();
                case "node" -> node = in.text();
                default -> in.skip();
            }
        }
        return new Message.Connected(
                client, version, expires, ttlSeconds, data, subs, pingSeconds, pong, session, node);
    }

    private static Message.Subscribed subscribed(JsonReader in) throws IOException, Malformed {
        boolean expires = false;
        int ttlSeconds = 0;
        boolean recoverable = false;
        boolean positioned = false;
        String epoch = "";
        long offset = 0;
        List<Publication> publications = List.of();
        boolean recovered = false;
        boolean wasRecovering = false;
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.seconds();
                case "recoverable" -> recoverable = in.bool();
                case "positioned" -> positioned = in.bool();
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.unsigned();
                case "publications" -> publications = in.objects(JsonCodec::publication);
                case "recovered" -> recovered = in.bool();
                case "was_recovering" -> wasRecovering = in.bool();
                case "data" -> data = in.json();
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
                publications,
                recovered,
                wasRecovering,
                data);
    }

    private static Publication publication(JsonReader in) throws IOException, Malformed {
        byte[] data = NONE;
        ClientInfo info = null;
        long offset = 0;
        Map<String, String> tags = Map.of();
        while (in.nextField()) {
            switch (in.field()) {
                case "data" -> data = in.json();
                case "info" -> info = in.isNull() ? null : in.object(JsonCodec::clientInfo);
                case "offset" -> offset = in.unsigned();
                case "tags" -> tags = in.textMap();
                default -> in.skip();
            }
        }
        return new Publication(data, info, offset, tags);
    }

    private static ClientInfo clientInfo(JsonReader in) throws IOException, Malformed {
        String user = "";
        String client = "";
        byte[] connInfo = NONE;
        byte[] chanInfo = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case "user" -> user = in.text();
                case "client" -> client = in.text();
                case "conn_info" -> connInfo = in.json();
                case "chan_info" -> chanInfo = in.json();
                default -> in.skip();
            }
        }
        return new ClientInfo(user, client, connInfo, chanInfo);
    }

    private static Message.PresenceResult presence(JsonReader in) throws IOException, Malformed {
        Map<String, ClientInfo> clients = Map.of();
        while (in.nextField()) {
            switch (in.field()) {
                case "presence" -> clients = in.objectMap(JsonCodec::clientInfo);
                default -> in.skip();
            }
        }
        return new Message.PresenceResult(clients);
    }

    private static Message.PresenceStatsResult presenceStats(JsonReader in)
            throws IOException, Malformed {
        long clients = 0;
        long users = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "num_clients" -> clients = in.uint32();
                case "num_users" -> users = in.uint32();
                default -> in.skip();
            }
        }
        return new Message.PresenceStatsResult(clients, users);
    }

    private static Message.HistoryResult history(JsonReader in) throws IOException, Malformed {
        List<Publication> publications = List.of();
        String epoch = "";
        long offset = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "publications" -> publications = in.objects(JsonCodec::publication);
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.unsigned();
                default -> in.skip();
            }
        }
        return new Message.HistoryResult(publications, new Position(offset, epoch));
    }

    private static Message.Refreshed refreshed(JsonReader in) throws IOException, Malformed {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "client" -> client = in.text();
                case "version" -> version = in.text();
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.seconds();
                default -> in.skip();
            }
        }
        return new Message.Refreshed(client, version, expires, ttlSeconds);
    }

    private static Message.SubRefreshed subRefreshed(JsonReader in) throws IOException, Malformed {
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.seconds();
                default -> in.skip();
            }
        }
        return new Message.SubRefreshed(expires, ttlSeconds);
    }

    /// Empty for an event of a kind that is not known here.
    private static Optional<Message.Push> push(JsonReader in) throws IOException, Malformed {
        String channel = "";
        Message.Event event = null;
        while (in.nextField()) {
            switch (in.field()) {
                case "channel" -> channel = in.text();
                case "pub" ->
                        event = new Message.PublicationEvent(in.object(JsonCodec::publication));
                case "join" -> event = new Message.Joined(in.object(JsonCodec::info));
                case "leave" -> event = new Message.Left(in.object(JsonCodec::info));
                case "unsubscribe" -> event = in.object(JsonCodec::subscriptionEnded);
                case "message" -> event = new Message.DirectMessage(in.object(JsonCodec::data));
                case "subscribe" -> event = in.object(JsonCodec::subscriptionAdded);
                case "connect" -> event = in.object(JsonCodec::connected);
                case "disconnect" -> event = in.object(JsonCodec::disconnected);
                case "refresh" -> event = in.object(JsonCodec::refreshEvent);
                default -> in.skip();
            }
        }
        return event == null ? Optional.empty() : Optional.of(new Message.Push(channel, event));
    }

    private static ClientInfo info(JsonReader in) throws IOException, Malformed {
        ClientInfo info = ClientInfo.NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case "info" -> info = in.isNull() ? info : in.object(JsonCodec::clientInfo);
                default -> in.skip();
            }
        }
        return info;
    }

    private static Message.SubscriptionEnded subscriptionEnded(JsonReader in)
            throws IOException, Malformed {
        int code = 0;
        String reason = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "code" -> code = in.code();
                case "reason" -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Message.SubscriptionEnded(code, reason);
    }

    private static Message.SubscriptionAdded subscriptionAdded(JsonReader in)
            throws IOException, Malformed {
        boolean recoverable = false;
        String epoch = "";
        long offset = 0;
        boolean positioned = false;
        byte[] data = NONE;
        while (in.nextField()) {
            switch (in.field()) {
                case "recoverable" -> recoverable = in.bool();
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.unsigned();
                case "positioned" -> positioned = in.bool();
                case "data" -> data = in.json();
                default -> in.skip();
            }
        }
        return new Message.SubscriptionAdded(recoverable, epoch, offset, positioned, data);
    }

    private static Message.Disconnected disconnected(JsonReader in) throws IOException, Malformed {
        int code = 0;
        String reason = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "code" -> code = in.code();
                case "reason" -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Message.Disconnected(code, reason);
    }

    private static Message.RefreshEvent refreshEvent(JsonReader in) throws IOException, Malformed {
        boolean expires = false;
        int ttlSeconds = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.seconds();
                default -> in.skip();
            }
        }
        return new Message.RefreshEvent(expires, ttlSeconds);
    }

    private static void write(JsonWriter out, Command.Request request) {
        switch (request) {
            case Command.Connect connect -> {
                out.begin("connect").text("token", connect.token()).json("data", connect.data());
                if (!connect.subs().isEmpty()) {
                    out.begin("subs");
                    connect.subs()
                            .forEach((channel, subscribe) -> {
                                out.begin(channel);
                                write(out, subscribe);
                                out.end();
                            });
                    out.end();
                }
                out.text("name", connect.name())
                        .text("version", connect.version())
                        .textMap("headers", connect.headers())
                        .end();
            }
            case Command.Subscribe subscribe -> {
                out.begin("subscribe");
                write(out, subscribe);
                out.end();
            }
            case Command.Unsubscribe(String channel) ->
                    out.begin("unsubscribe").text("channel", channel).end();
            case Command.Publish(String channel, byte[] data, int type) ->
                    out.begin("publish")
                            .text("channel", channel)
                            .json("data", data)
                            .number("type", type)
                            .end();
            case Command.Presence(String channel) ->
                    out.begin("presence").text("channel", channel).end();
            case Command.PresenceStats(String channel) ->
                    out.begin("presence_stats").text("channel", channel).end();
            case Command.History(String channel, int limit, Position since, boolean reverse) -> {
                out.begin("history").text("channel", channel).number("limit", limit);
                if (since != null) {
                    out.begin("since")
                            .number("offset", since.offset())
                            .text("epoch", since.epoch())
                            .end();
                }
                out.bool("reverse", reverse).end();
            }
            case Command.Ping _ -> out.begin("ping").end();
            case Command.Send(byte[] data) -> out.begin("send").json("data", data).end();
            case Command.Rpc(String method, byte[] data) ->
                    out.begin("rpc").text("method", method).json("data", data).end();
            case Command.Refresh(String token) -> out.begin("refresh").text("token", token).end();
            case Command.SubRefresh(String channel, String token, int type) ->
                    out.begin("sub_refresh")
                            .text("channel", channel)
                            .text("token", token)
                            .number("type", type)
                            .end();
        }
    }

    private static void write(JsonWriter out, Command.Subscribe subscribe) {
        out.text("channel", subscribe.channel())
                .text("token", subscribe.token())
                .bool("recover", subscribe.recover())
                .text("epoch", subscribe.epoch())
                .number("offset", subscribe.offset())
                .json("data", subscribe.data())
                .bool("positioned", subscribe.positioned())
                .bool("recoverable", subscribe.recoverable())
                .bool("join_leave", subscribe.joinLeave())
                .text("delta", subscribe.delta());
        if (subscribe.filter() != null) {
            out.begin("tf");
            write(out, subscribe.filter());
            out.end();
        }
        out.number("flag", subscribe.flags()).number("type", subscribe.type());
    }

    private static void write(JsonWriter out, FilterNode node) {
        out.text("op", node.op())
                .text("key", node.key())
                .text("cmp", node.cmp())
                .text("val", node.val())
                .texts("vals", node.vals());
        if (!node.nodes().isEmpty()) {
            out.beginList("nodes");
            for (FilterNode operand : node.nodes()) {
                out.beginElement();
                write(out, operand);
                out.end();
            }
            out.endList();
        }
    }

    private static void write(JsonWriter out, Message.Result result) {
        switch (result) {
            case Message.Failed(int code, String message, boolean temporary) ->
                    out.begin("error")
                            .number("code", code)
                            .text("message", message)
                            .bool("temporary", temporary)
                            .end();
            case Message.Connected connected -> write(out, connected);
            case Message.Subscribed subscribed -> {
                out.begin("subscribe");
                write(out, subscribed);
                out.end();
            }
            case Message.Unsubscribed _ -> out.begin("unsubscribe").end();
            case Message.Published _ -> out.begin("publish").end();
            case Message.PresenceResult(Map<String, ClientInfo> clients) -> {
                out.begin("presence").begin("presence");
                clients.forEach((client, info) -> write(out, client, info));
                out.end().end();
            }
            case Message.PresenceStatsResult(long clients, long users) ->
                    out.begin("presence_stats")
                            .numberAlways("num_clients", clients)
                            .numberAlways("num_users", users)
                            .end();
            case Message.HistoryResult(List<Publication> publications, Position top) -> {
                out.begin("history").beginList("publications");
                publications.forEach(publication -> writeElement(out, publication));
                out.endList()
                        .textAlways("epoch", top.epoch())
                        .numberAlways("offset", top.offset())
                        .end();
            }
            case Message.RpcResult(byte[] data) -> out.begin("rpc").json("data", data).end();
            case Message.Refreshed(
                            String client,
                            String version,
                            boolean expires,
                            int ttlSeconds) ->
                    out.begin("refresh")
                            .text("client", client)
                            .text("version", version)
                            .bool("expires", expires)
                            .number("ttl", ttlSeconds)
                            .end();
            case Message.SubRefreshed(boolean expires, int ttlSeconds) ->
                    out.begin("sub_refresh")
                            .bool("expires", expires)
                            .number("ttl", ttlSeconds)
                            .end();
        }
    }

    private static void write(JsonWriter out, Message.Connected connected) {
        out.begin("connect")
                .text("client", connected.client())
                .text("version", connected.version())
                .bool("expires", connected.expires())
                .number("ttl", connected.ttlSeconds())
                .json("data", connected.data());
        if (!connected.subs().isEmpty()) {
            out.begin("subs");
            connected
                    .subs()
                    .forEach((channel, subscribed) -> {
                        out.begin(channel);
                        write(out, subscribed);
                        out.end();
                    });
            out.end();
        }
        out.number("ping", connected.pingSeconds())
                .bool("pong", connected.pong())
                .text("session", connected.session())
                .text("node", connected.node())
                .end();
    }

    private static void write(JsonWriter out, Message.Subscribed subscribed) {
        out.bool("expires", subscribed.expires())
                .number("ttl", subscribed.ttlSeconds())
                .bool("recoverable", subscribed.recoverable())
                .bool("positioned", subscribed.positioned())
                .text("epoch", subscribed.epoch())
                .number("offset", subscribed.offset());
        if (!subscribed.publications().isEmpty()) {
            out.beginList("publications");
            subscribed.publications().forEach(publication -> writeElement(out, publication));
            out.endList();
        }
        out.bool("recovered", subscribed.recovered())
                .bool("was_recovering", subscribed.wasRecovering())
                .json("data", subscribed.data());
    }

    private static void writeElement(JsonWriter out, Publication publication) {
        out.beginElement();
        write(out, publication);
        out.end();
    }

    private static void write(JsonWriter out, Publication publication) {
        out.json("data", publication.data());
        if (publication.info() != null) {
            write(out, "info", publication.info());
        }
        out.number("offset", publication.offset()).textMap("tags", publication.tags());
    }

    private static void write(JsonWriter out, String field, ClientInfo info) {
        out.begin(field)
                .textAlways("user", info.user())
                .textAlways("client", info.client())
                .json("conn_info", info.connInfo())
                .json("chan_info", info.chanInfo())
                .end();
    }

    /// Publications are the bulk of what is sent: room for one as it is known.
    private static JsonWriter writer(Message.Push push) {
        int data =
                push.event() instanceof Message.PublicationEvent(Publication publication)
                        ? publication.data().length
                        : 0;
        return new JsonWriter(128 + push.channel().length() + data);
    }

    private static void write(JsonWriter out, Message.Push push) {
        out.text("channel", push.channel());
        switch (push.event()) {
            case Message.PublicationEvent(Publication publication) -> {
                out.begin("pub");
                write(out, publication);
                out.end();
            }
            case Message.Joined(ClientInfo info) -> {
                out.begin("join");
                write(out, "info", info);
                out.end();
            }
            case Message.Left(ClientInfo info) -> {
                out.begin("leave");
                write(out, "info", info);
                out.end();
            }
            case Message.SubscriptionEnded(int code, String reason) ->
                    out.begin("unsubscribe")
                            .numberAlways("code", code)
                            .textAlways("reason", reason)
                            .end();
            case Message.DirectMessage(byte[] data) ->
                    out.begin("message").json("data", data).end();
            case Message.SubscriptionAdded(
                            boolean recoverable,
                            String epoch,
                            long offset,
                            boolean positioned,
                            byte[] data) ->
                    out.begin("subscribe")
                            .bool("recoverable", recoverable)
                            .text("epoch", epoch)
                            .number("offset", offset)
                            .bool("positioned", positioned)
                            .json("data", data)
                            .end();
            case Message.Connected connected -> write(out, connected);
            case Message.Disconnected(int code, String reason) ->
                    out.begin("disconnect").number("code", code).text("reason", reason).end();
            case Message.RefreshEvent(boolean expires, int ttlSeconds) ->
                    out.begin("refresh").bool("expires", expires).number("ttl", ttlSeconds).end();
        }
    }
}
