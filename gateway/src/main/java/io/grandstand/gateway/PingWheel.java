package io.grandstand.gateway;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Pings the sessions of one event loop, each once per interval, spread evenly over it, and looks
/// for the answers. One timer for all of them. Confined to the loop.
final class PingWheel {
    /// Lists, since a set would hold an entry for each connection; a slot's sessions are few.
    private final List<List<Session>> slots = new ArrayList<>();

    private final RandomGenerator random;
    private final int pongSlots;
    private int now;

    /// A wheel with as many slots as `intervalMs` has tenths of a second; `pongMs`, which is less,
    /// is how long an answer may take.
    PingWheel(EventLoop loop, long intervalMs, long pongMs, RandomGenerator random) {
        this.random = random;
        this.pongSlots = (int) (pongMs / 100);
        int count = (int) (intervalMs / 100);
        for (int i = 0; i < count; i++) {
            slots.add(new ArrayList<>());
        }
        var _ = loop.scheduleAtFixedRate(this::turn, 100, 100, TimeUnit.MILLISECONDS);
    }

    /// Takes a session in; its first ping comes after half an interval to a whole one. Returns the
    /// slot to give back to `remove`.
    int add(Session session) {
        int half = slots.size() / 2;
        int slot = (now + half + random.nextInt(slots.size() - half)) % slots.size();
        slots.get(slot).add(session);
        return slot;
    }

    void remove(int slot, Session session) {
        slots.get(slot).remove(session);
    }

    private void turn() {
        now = (now + 1) % slots.size();
        for (Session session : List.copyOf(slots.get(now))) {
            session.ping();
        }
        int pinged = Math.floorMod(now - pongSlots, slots.size());
        for (Session session : List.copyOf(slots.get(pinged))) {
            session.checkPong();
        }
    }
}
