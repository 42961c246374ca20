package io.grandstand.gateway.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one partition of the presence topic says: a state machine over its records and the time.
/// Confined to one thread.
///
/// A node that was not heard of for `NODE_MS_MAX` is dead, and what it said no longer counts.
final class PartitionPresence {
    /// How long a node may be silent. Nodes say that they live every `Presence.HEARTBEAT_MS`.
    static final long NODE_MS_MAX = 15_000;

    private final Map<String, Map<String, Located>> members = new HashMap<>();
    private final Map<String, Map<String, PresenceRecord.Counted>> counts = new HashMap<>();

    /// When each node was last heard of, ms since the epoch by the records' timestamps.
    private final Map<String, Long> heardMs = new HashMap<>();

    /// A member and the node that has its connection.
    private record Located(Member member, String node) {}

    /// Somebody came or went.
    record Change(String channel, Member member, String node, boolean joined) {}

    /// Takes in a record; returns what changed, or null where nothing did.
    @Nullable Change take(PresenceRecord said, long timestampMs) {
        return switch (said) {
            case PresenceRecord.Alive(String node, boolean ended) -> {
                if (ended) {
                    heardMs.remove(node);
                } else {
                    heardMs.merge(node, timestampMs, Math::max);
                }
                yield null;
            }
            case PresenceRecord.Counted counted -> {
                if (counted.clients() == 0) {
                    remove(counts, counted.channel(), counted.node());
                } else {
                    heardMs.merge(counted.node(), timestampMs, Math::max);
                    counts.computeIfAbsent(counted.channel(), _ -> new HashMap<>())
                            .put(counted.node(), counted);
                }
                yield null;
            }
            case PresenceRecord.Present present -> take(present, timestampMs);
        };
    }

    private @Nullable Change take(PresenceRecord.Present present, long timestampMs) {
        Member member = present.member();
        if (member == null) {
            Located gone = remove(members, present.channel(), present.client());
            return gone == null
                    ? null
                    : new Change(present.channel(), gone.member(), gone.node(), false);
        }
        heardMs.merge(present.node(), timestampMs, Math::max);
        Located before =
                members.computeIfAbsent(present.channel(), _ -> new LinkedHashMap<>())
                        .put(present.client(), new Located(member, present.node()));
        return before == null ? new Change(present.channel(), member, present.node(), true) : null;
    }

    /// Forgets nodes that are dead at `nowMs`, except `own`. Returns tombstones for what they left
    /// behind, at most `countMax`; the rest has its turn later.
    List<PresenceRecord> bury(long nowMs, String own, int countMax) {
        var tombstones = new ArrayList<PresenceRecord>();
        members.forEach((channel, inChannel) ->
                inChannel.forEach((client, located) -> {
                    if (isDead(located.node(), nowMs, own) && tombstones.size() < countMax) {
                        tombstones.add(new PresenceRecord.Present(channel, client, null, ""));
                    }
                }));
        counts.forEach((channel, inChannel) ->
                inChannel
                        .keySet()
                        .forEach(node -> {
                            if (isDead(node, nowMs, own) && tombstones.size() < countMax) {
                                tombstones.add(new PresenceRecord.Counted(channel, node, 0, 0));
                            }
                        }));
        if (tombstones.isEmpty()) {
            heardMs.keySet().stream()
                    .filter(node -> isDead(node, nowMs, own))
                    .limit(countMax)
                    .forEach(node -> tombstones.add(new PresenceRecord.Alive(node, true)));
        }
        return tombstones;
    }

    /// Members of a channel that other nodes than `own` have, at `nowMs`, by connection.
    Map<String, Member> others(String channel, String own, long nowMs) {
        var others = new HashMap<String, Member>();
        members.getOrDefault(channel, Map.of())
                .forEach((client, located) -> {
                    if (!located.node().equals(own) && !isDead(located.node(), nowMs, own)) {
                        others.put(client, located.member());
                    }
                });
        return others;
    }

    /// What other nodes than `own` count in a channel at `nowMs`.
    Presence.Stats otherCounts(String channel, String own, long nowMs) {
        long clients = 0;
        long users = 0;
        for (PresenceRecord.Counted counted : counts.getOrDefault(channel, Map.of()).values()) {
            if (!counted.node().equals(own) && !isDead(counted.node(), nowMs, own)) {
                clients += counted.clients();
                users += counted.users();
            }
        }
        return new Presence.Stats(clients, users);
    }

    private boolean isDead(String node, long nowMs, String own) {
        return !node.equals(own)
                && nowMs - heardMs.getOrDefault(node, Long.MIN_VALUE / 2) > NODE_MS_MAX;
    }

    private static <V> @Nullable V remove(
            Map<String, Map<String, V>> byChannel, String channel, String key) {
        Map<String, V> inChannel = byChannel.get(channel);
        if (inChannel == null) {
            return null;
        }
        V removed = inChannel.remove(key);
        if (inChannel.isEmpty()) {
            byChannel.remove(channel);
        }
        return removed;
    }
}
