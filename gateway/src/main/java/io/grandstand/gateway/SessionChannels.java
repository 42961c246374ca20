package io.grandstand.gateway;

import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.auth.AppData;
import io.grandstand.gateway.auth.Capability;
import io.grandstand.gateway.auth.ConnectionClaims;
import io.grandstand.gateway.auth.Overrides;
import io.grandstand.gateway.auth.SubscriptionClaims;
import io.grandstand.gateway.auth.Verdict;
import io.grandstand.gateway.presence.Member;
import io.grandstand.gateway.presence.Presence;
import io.grandstand.gateway.presence.PresenceListener;
import io.grandstand.protocol.ClientInfo;
import io.grandstand.protocol.Codes.DisconnectCode;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Position;
import io.grandstand.protocol.Publication;
import io.grandstand.protocol.TagsFilter;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one session does with channels other than publishing: subscriptions, history, presence.
/// Confined to the session's event loop.
final class SessionChannels {
    private static final Logger log = LoggerFactory.getLogger(SessionChannels.class);

    /// When a subscribe is given up; clients give up the whole connection after 5 s.
    private static final long SUBSCRIBE_MS_MAX = 4_000;

    /// What nearly every session has at nearly every time: a map of its own would be a tenth of its
    /// memory.
    private static final Map<String, Long> NONE = Map.of();

    /// Most publications in one answer to a history request.
    private static final int HISTORY_MAX = 300;

    private final Session session;
    private final Map<String, Subscription> byChannel = new HashMap<>(2);

    /// Subscribes whose token is still being checked, by channel, with the command's id.
    private Map<String, Long> authorising = NONE;

    /// How many server-side subscriptions have not started yet.
    private int starting;

    SessionChannels(Session session) {
        this.session = session;
    }

    /// Begins the subscriptions that the token asks for, and on a unidirectional connection those
    /// that the client asks for. Returns why the client may not have one of its own, or null where
    /// all are on their way.
    @Nullable DisconnectCode startServerSide(Command.Connect request) {
        ConnectionClaims claims = session.player.claims();
        Set<String> channels = new TreeSet<>(claims.channels());
        channels.addAll(claims.subs().keySet());
        if (session.wire.isUnidirectional()) {
            for (String channel : request.subs().keySet()) {
                if (!channels.contains(channel)) {
                    if (channels.size() >= session.node.config().limits().subscriptions()) {
                        return DisconnectCode.CHANNEL_LIMIT;
                    }
                    if (!(session.node.channels().resolve(channel)
                                    instanceof Channels.Address address)
                            || !session.may(Capability.SUBSCRIBE, address)) {
                        return DisconnectCode.PERMISSION_DENIED;
                    }
                    channels.add(channel);
                }
            }
        }
        for (String channel : channels) {
            var said = claims.subs().get(channel);
            AppData info = said == null ? AppData.NONE : said.info();
            AppData data = said == null ? AppData.NONE : said.data();
            Overrides overrides = said == null ? Overrides.NONE : said.overrides();
            Command.Subscribe resume = request.subs().get(channel);
            var asked = resume == null ? Command.Subscribe.to(channel) : resume;
            var origin = new Subscription.Origin(0, asked.recover(), false, info, data, overrides);
            if (session.node.channels().resolve(channel) instanceof Channels.Address address
                    && begin(channel, address, asked, origin, null) == null) {
                starting++;
            } else {
                log.warn("a token names channel {}, which cannot be subscribed to", channel);
            }
        }
        return null;
    }

    /// Forgets a subscribe whose token is being checked; false where another took its place.
    private boolean removeAuthorising(String channel, @Nullable Long commandId) {
        if (commandId == null || !commandId.equals(authorising.get(channel))) {
            return false;
        }
        authorising.remove(channel);
        if (authorising.isEmpty()) {
            authorising = NONE;
        }
        return true;
    }

    /// Whether server-side subscriptions have not started yet.
    boolean isStarting() {
        return starting > 0;
    }

    /// Where the server-side subscriptions start.
    Map<String, Message.Subscribed> serverSide() {
        var started = new LinkedHashMap<String, Message.Subscribed>();
        byChannel.forEach((channel, subscription) -> {
            if (subscription.origin.isServerSide()) {
                started.put(channel, result(subscription));
            }
        });
        return started;
    }

    void subscribe(long commandId, Command.Subscribe request) {
        String channel = request.channel();
        if (channel.isEmpty() || !(request.delta().isEmpty() || request.delta().equals("fossil"))) {
            session.close(DisconnectCode.BAD_REQUEST);
            return;
        }
        if (request.type() != 0) {
            session.fail(commandId, ErrorCode.NOT_AVAILABLE);
            return;
        }
        Subscription earlier = byChannel.get(channel);
        if (earlier != null && earlier.state != Subscription.State.PENDING) {
            session.fail(commandId, ErrorCode.ALREADY_SUBSCRIBED);
            return;
        }
        if (earlier != null) {
            // A client that lost patience asks again: the new request supersedes the old.
            remove(earlier);
        }
        switch (session.node.channels().resolve(channel)) {
            case Channels.Refused refused -> session.fail(commandId, refused.error());
            case Channels.Address address -> {
                if (byChannel.size() + authorising.size()
                        >= session.node.config().limits().subscriptions()) {
                    session.fail(commandId, ErrorCode.LIMIT_EXCEEDED);
                } else if (!request.token().isEmpty()) {
                    authorise(commandId, request, address);
                } else if (!session.may(Capability.SUBSCRIBE, address)) {
                    session.fail(commandId, ErrorCode.PERMISSION_DENIED);
                } else {
                    begin(commandId, request, address, AppData.NONE, Overrides.NONE, null);
                }
            }
        }
    }

    private void authorise(long commandId, Command.Subscribe request, Channels.Address address) {
        String channel = request.channel();
        if (authorising.isEmpty()) {
            authorising = new HashMap<>(2);
        }
        authorising.put(channel, commandId);
        session.await(
                session.node.tokens().subscription(request.token()),
                verdict -> {
                    if (!removeAuthorising(channel, commandId)) {
                        // Unsubscribed meanwhile; the client no longer minds what it gets.
                        session.fail(commandId, ErrorCode.INTERNAL);
                    } else if (session.isConnected()) {
                        authorised(commandId, request, address, verdict);
                    }
                    session.flush();
                });
    }

    private void authorised(
            long commandId,
            Command.Subscribe request,
            Channels.Address address,
            @Nullable Verdict<SubscriptionClaims> verdict) {
        switch (verdict) {
            case Verdict.Valid<SubscriptionClaims>(SubscriptionClaims claims) -> {
                if (session.node.revocations().refuses(claims)) {
                    session.fail(commandId, ErrorCode.PERMISSION_DENIED);
                } else if (isMeant(claims, request.channel())) {
                    begin(
                            commandId,
                            request,
                            address,
                            claims.info(),
                            claims.overrides(),
                            claims.expiresAt());
                } else {
                    session.close(DisconnectCode.INVALID_TOKEN);
                }
            }
            case Verdict.Expired<SubscriptionClaims> _ ->
                    session.fail(commandId, ErrorCode.TOKEN_EXPIRED);
            case Verdict.Invalid<SubscriptionClaims> _ ->
                    session.fail(commandId, ErrorCode.PERMISSION_DENIED);
            case Verdict.Unavailable<SubscriptionClaims> _ ->
                    session.fail(commandId, ErrorCode.INTERNAL);
            case null -> session.fail(commandId, ErrorCode.INTERNAL);
        }
    }

    /// Whether a token is for this player, this channel and this connection.
    private boolean isMeant(SubscriptionClaims claims, String channel) {
        return claims.player().equals(session.player.id())
                && claims.channel().equals(channel)
                && (claims.client() == null || claims.client().equals(session.id()));
    }

    private void begin(
            long commandId,
            Command.Subscribe request,
            Channels.Address address,
            AppData info,
            Overrides overrides,
            @Nullable Instant expiresAt) {
        var origin =
                new Subscription.Origin(
                        commandId,
                        request.recover(),
                        request.wantsErrorWhenUnrecoverable(),
                        info,
                        AppData.NONE,
                        overrides);
        ErrorCode refusal = begin(request.channel(), address, request, origin, expiresAt);
        if (refusal != null) {
            session.fail(commandId, refusal);
        }
    }

    /// Returns why the subscription cannot be, or null where it is on its way.
    private @Nullable ErrorCode begin(
            String channel,
            Channels.Address address,
            Command.Subscribe request,
            Subscription.Origin origin,
            @Nullable Instant expiresAt) {
        if (address.key() == null) {
            // Records without a key are spread over all partitions: there is no one position.
            return ErrorCode.BAD_REQUEST;
        }
        TagsFilter filter = null;
        if (request.filter() != null) {
            filter = TagsFilter.of(request.filter()).orElse(null);
            if (filter == null) {
                return ErrorCode.BAD_REQUEST;
            }
        }
        Namespace namespace = address.namespace();
        TopicDirectory.Entry topic = session.node.topics().find(namespace.topic());
        if (topic == null) {
            return ErrorCode.INTERNAL;
        }
        ChannelFeed feed =
                session.loop.join(channel, session.wire, namespace, topic, address.key());
        var subscription = new Subscription(session, feed, origin, filter);
        subscription.expiresAt = expiresAt;
        subscription.wantsJoinLeave =
                request.joinLeave() || Boolean.TRUE.equals(origin.overrides().forcePushJoinLeave());
        byChannel.put(channel, subscription);
        session.node.stats().subscriptions.incrementAndGet();
        boolean isLatest = namespace.mode() == Mode.LATEST;
        boolean continues =
                request.recover()
                        && (request.epoch().isEmpty() || request.epoch().equals(feed.epoch()));
        // The newest value is all there is to have of a `latest` channel, whatever was missed.
        subscription.isRecoverable = continues || isLatest;
        if (continues) {
            session.loop.request(
                    subscription,
                    request.offset(),
                    request.offset() == 0,
                    isLatest ? 0 : namespace.recoverLimit());
        } else if (isLatest) {
            session.loop.request(subscription, 0, true, 0);
        } else if (request.recover() && origin.wantsError()) {
            refuse(subscription, ErrorCode.UNRECOVERABLE_POSITION);
            return null;
        } else {
            session.loop.request(subscription, PieceRequest.LIVE_ONLY, false, 0);
        }
        session.after(
                SUBSCRIBE_MS_MAX,
                () -> {
                    if (subscription.state == Subscription.State.PENDING) {
                        session.refuse(subscription, ErrorCode.INTERNAL);
                    }
                });
        return null;
    }

    /// A subscription's first piece was found: it knows where it starts.
    void subscribed(Subscription subscription) {
        enter(subscription);
        if (subscription.origin.isServerSide()) {
            starting--;
            if (starting == 0) {
                session.connected();
            }
        } else {
            session.reply(subscription.origin.commandId(), result(subscription));
        }
    }

    private Message.Subscribed result(Subscription subscription) {
        boolean wasRecovering = subscription.origin.isRecovering();
        return new Message.Subscribed(
                subscription.expiresAt != null,
                session.ttlSeconds(subscription.expiresAt),
                true,
                true,
                subscription.feed.epoch(),
                subscription.next,
                List.of(),
                wasRecovering && subscription.isRecoverable,
                wasRecovering,
                session.wire.data(subscription.origin.data()));
    }

    /// A subscription cannot start.
    void refuse(Subscription subscription, ErrorCode error) {
        remove(subscription);
        if (subscription.origin.isServerSide()) {
            session.refuseConnect(ErrorCode.INTERNAL);
        } else {
            session.fail(subscription.origin.commandId(), error);
        }
    }

    /// Ends a subscription unasked. Clients cannot renew one that the server made: they reconnect.
    void end(Subscription subscription, UnsubscribeCode code) {
        if (subscription.origin.isServerSide()) {
            session.close(
                    switch (code) {
                        case INSUFFICIENT_STATE -> DisconnectCode.INSUFFICIENT_STATE;
                        case STATE_INVALIDATED -> DisconnectCode.STATE_INVALIDATED;
                        case SUBSCRIPTION_EXPIRED -> DisconnectCode.SUBSCRIPTION_EXPIRED;
                        case SERVER_UNSUBSCRIBE -> DisconnectCode.FORCE_DISCONNECT;
                    });
            return;
        }
        remove(subscription);
        session.send(
                new Message.Push(
                        subscription.feed.channel,
                        new Message.SubscriptionEnded(code.code(), code.reason())));
    }

    /// Ends the subscription to a channel for good, if there is one.
    void endByServer(String channel) {
        Subscription subscription = byChannel.get(channel);
        if (subscription != null) {
            end(subscription, UnsubscribeCode.SERVER_UNSUBSCRIBE);
            session.flush();
        }
    }

    void unsubscribe(long commandId, Command.Unsubscribe request) {
        removeAuthorising(request.channel(), authorising.get(request.channel()));
        Subscription subscription = byChannel.get(request.channel());
        if (subscription != null && !subscription.origin.isServerSide()) {
            remove(subscription);
        }
        session.reply(commandId, new Message.Unsubscribed());
    }

    void refresh(long commandId, Command.SubRefresh request) {
        Subscription subscription = byChannel.get(request.channel());
        if (request.type() != 0) {
            session.fail(commandId, ErrorCode.NOT_AVAILABLE);
        } else if (subscription == null) {
            session.fail(commandId, ErrorCode.PERMISSION_DENIED);
        } else if (request.token().isEmpty()) {
            session.close(DisconnectCode.BAD_REQUEST);
        } else {
            session.await(
                    session.node.tokens().subscription(request.token()),
                    verdict -> {
                        if (session.isConnected()) {
                            refresh(commandId, subscription, verdict);
                            session.flush();
                        }
                    });
        }
    }

    private void refresh(
            long commandId,
            Subscription subscription,
            @Nullable Verdict<SubscriptionClaims> verdict) {
        if (subscription.state == Subscription.State.CLOSED) {
            session.fail(commandId, ErrorCode.INTERNAL);
            return;
        }
        switch (verdict) {
            case Verdict.Valid<SubscriptionClaims>(SubscriptionClaims claims) -> {
                if (isMeant(claims, subscription.feed.channel)) {
                    subscription.expiresAt = claims.expiresAt();
                    session.reply(
                            commandId,
                            new Message.SubRefreshed(
                                    claims.expiresAt() != null,
                                    session.ttlSeconds(claims.expiresAt())));
                } else {
                    session.close(DisconnectCode.INVALID_TOKEN);
                }
            }
            case Verdict.Expired<SubscriptionClaims> _ -> {
                // Any lasting error would end the subscription for good; so the client subscribes
                // again, is told that its token ran out, and asks for another.
                end(subscription, UnsubscribeCode.SUBSCRIPTION_EXPIRED);
                session.fail(commandId, ErrorCode.INTERNAL);
            }
            case Verdict.Invalid<SubscriptionClaims> _ ->
                    session.close(DisconnectCode.INVALID_TOKEN);
            case Verdict.Unavailable<SubscriptionClaims> _ ->
                    session.fail(commandId, ErrorCode.INTERNAL);
            case null -> session.fail(commandId, ErrorCode.INTERNAL);
        }
    }

    /// Ends subscriptions whose own token ran out.
    void expire(Instant now) {
        for (Subscription subscription : List.copyOf(byChannel.values())) {
            if (Session.isOver(subscription.expiresAt, now)) {
                end(subscription, UnsubscribeCode.SUBSCRIPTION_EXPIRED);
            }
        }
    }

    void history(long commandId, Command.History request) {
        switch (session.node.channels().resolve(request.channel())) {
            case Channels.Refused refused -> session.fail(commandId, refused.error());
            case Channels.Address address -> {
                TopicDirectory.Entry topic =
                        session.node.topics().find(address.namespace().topic());
                if (!session.may(Capability.HISTORY, address)) {
                    session.fail(commandId, ErrorCode.PERMISSION_DENIED);
                } else if (address.key() == null || request.limit() < -1) {
                    session.fail(commandId, ErrorCode.BAD_REQUEST);
                } else if (topic == null) {
                    session.fail(commandId, ErrorCode.INTERNAL);
                } else {
                    history(
                            commandId,
                            request,
                            session.loop.join(
                                    request.channel(),
                                    session.wire,
                                    address.namespace(),
                                    topic,
                                    address.key()));
                }
            }
        }
    }

    private void history(long commandId, Command.History request, ChannelFeed feed) {
        Position since = request.since();
        if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(feed.epoch())) {
            session.loop.leave(feed);
            session.fail(commandId, ErrorCode.UNRECOVERABLE_POSITION);
            return;
        }
        int limit = request.limit() < 0 ? HISTORY_MAX : Math.min(request.limit(), HISTORY_MAX);
        int shown = feed.namespace.recoverLimit();
        // Where only the last records of a channel are shown, one more tells whether there are
        // older ones.
        boolean isCapped = shown > 0 && limit > 0;
        long from = since == null || request.reverse() ? 0 : since.offset();
        long before = since != null && request.reverse() ? since.offset() : Long.MAX_VALUE;
        session.loop.history(
                new HistoryRequest(
                        feed,
                        isCapped ? 0 : from,
                        isCapped ? Long.MAX_VALUE : before,
                        isCapped ? shown + 1 : limit,
                        isCapped || request.reverse(),
                        outcome ->
                                session.loop.execute(() -> {
                                    session.loop.leave(feed);
                                    answer(
                                            commandId,
                                            feed,
                                            isCapped
                                                    ? HistoryCap.apply(
                                                            outcome,
                                                            shown,
                                                            from,
                                                            before,
                                                            limit,
                                                            request.reverse())
                                                    : outcome);
                                    session.flush();
                                })));
    }

    private void answer(long commandId, ChannelFeed feed, HistoryRequest.Outcome outcome) {
        switch (outcome) {
            case HistoryRequest.Found(List<Publication> publications, long top) ->
                    session.reply(
                            commandId,
                            new Message.HistoryResult(
                                    publications, new Position(top, feed.epoch())));
            case HistoryRequest.Unrecoverable _ ->
                    session.fail(commandId, ErrorCode.UNRECOVERABLE_POSITION);
            case HistoryRequest.Unavailable _ -> session.fail(commandId, ErrorCode.INTERNAL);
        }
    }

    void presence(long commandId, Command.Presence request) {
        String channel = present(commandId, request.channel(), Namespace.Presence.FULL);
        if (channel == null) {
            return;
        }
        answer(
                commandId,
                session.node.presence().members(channel),
                members -> {
                    var clients = new HashMap<String, ClientInfo>();
                    members.forEach((client, member) -> clients.put(client, info(member)));
                    return new Message.PresenceResult(clients);
                });
    }

    void presenceStats(long commandId, Command.PresenceStats request) {
        String channel = present(commandId, request.channel(), Namespace.Presence.COUNTS);
        if (channel != null) {
            answer(
                    commandId,
                    session.node.presence().stats(channel),
                    stats -> new Message.PresenceStatsResult(stats.clients(), stats.users()));
        }
    }

    /// The canonical name of a channel of which at least so much is known, or null where the
    /// command was answered with an error.
    private @Nullable String present(long commandId, String channel, Namespace.Presence atLeast) {
        switch (session.node.channels().resolve(channel)) {
            case Channels.Refused refused -> session.fail(commandId, refused.error());
            case Channels.Address address -> {
                if (address.namespace().presence().compareTo(atLeast) < 0) {
                    session.fail(commandId, ErrorCode.NOT_AVAILABLE);
                } else if (!session.may(Capability.PRESENCE, address)) {
                    session.fail(commandId, ErrorCode.PERMISSION_DENIED);
                } else {
                    return address.channel();
                }
            }
        }
        return null;
    }

    private <T> void answer(
            long commandId, CompletionStage<T> asked, Function<T, Message.Result> answer) {
        asked.whenComplete((known, failure) ->
                session.loop.execute(() -> {
                    if (failure == null) {
                        session.reply(commandId, answer.apply(known));
                    } else {
                        session.fail(
                                commandId,
                                failure instanceof Presence.TooManyException
                                        ? ErrorCode.LIMIT_EXCEEDED
                                        : ErrorCode.INTERNAL);
                    }
                    session.flush();
                }));
    }

    private static ClientInfo info(Member member) {
        return new ClientInfo(member.user(), member.client(), member.connInfo(), member.chanInfo());
    }

    /// Tells others that the subscriber is there, and the subscriber of others.
    private void enter(Subscription subscription) {
        Namespace namespace = subscription.feed.namespace;
        Boolean isListed = subscription.origin.overrides().presence();
        if (namespace.presence() == Namespace.Presence.NONE || Boolean.FALSE.equals(isListed)) {
            return;
        }
        String channel = Channels.channel(namespace, subscription.feed.key.bytes());
        subscription.presentIn = channel;
        session.node
                .presence()
                .join(
                        channel,
                        new Member(
                                session.player.id(),
                                session.id(),
                                Wire.WEBSOCKET_JSON.data(session.player.claims().info()),
                                Wire.WEBSOCKET_JSON.data(subscription.origin.info())),
                        namespace.presence() == Namespace.Presence.COUNTS);
        if (namespace.joinLeave() && subscription.wantsJoinLeave) {
            var listener = new JoinLeave(session, subscription);
            subscription.listener = listener;
            session.node.presence().watch(channel, listener);
        }
    }

    private void leave(Subscription subscription) {
        if (subscription.presentIn != null) {
            if (subscription.listener != null) {
                session.node.presence().unwatch(subscription.presentIn, subscription.listener);
            }
            session.node.presence().leave(subscription.presentIn, session.id());
            subscription.presentIn = null;
        }
    }

    /// Passes on to a subscriber who else comes and goes.
    private record JoinLeave(Session session, Subscription subscription)
            implements PresenceListener {
        @Override
        public void joined(Member member) {
            push(new Message.Joined(info(member)));
        }

        @Override
        public void left(Member member) {
            push(new Message.Left(info(member)));
        }

        private void push(Message.Event event) {
            session.loop.execute(() -> {
                if (subscription.state != Subscription.State.CLOSED && session.hasRoom()) {
                    session.send(new Message.Push(subscription.feed.channel, event));
                    session.flush();
                }
            });
        }
    }

    /// The connection can take more: subscriptions that are behind go on.
    void resume() {
        for (Subscription subscription : List.copyOf(byChannel.values())) {
            session.loop.resume(subscription);
        }
    }

    /// Ends everything, unsaid.
    void end() {
        authorising = NONE;
        for (Subscription subscription : List.copyOf(byChannel.values())) {
            remove(subscription);
        }
    }

    private void remove(Subscription subscription) {
        if (byChannel.remove(subscription.feed.channel, subscription)) {
            session.node.stats().subscriptions.decrementAndGet();
        }
        leave(subscription);
        session.loop.leave(subscription);
    }
}
