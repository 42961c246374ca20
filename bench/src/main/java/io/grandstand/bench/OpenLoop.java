package io.grandstand.bench;

import java.util.concurrent.locks.LockSupport;

/// Sends by a schedule, whatever comes back.
final class OpenLoop {
    private OpenLoop() {}

    /// Takes one message of a schedule.
    interface Send {
        void send(long k, long dueNs);
    }

    /// Sends every message of a schedule once it is due; returns after the last one.
    ///
    /// A call that takes long delays those after it, but never changes when they were due.
    ///
    /// @param flush called after all that were due at once
    static void follow(Schedule schedule, Send send, Runnable flush) {
        long k = 0;
        while (k < schedule.count()) {
            long due = schedule.dueBy(System.nanoTime());
            for (; k < due; k++) {
                send.send(k, schedule.dueNs(k));
            }
            flush.run();
            if (k < schedule.count()) {
                LockSupport.parkNanos(schedule.dueNs(k) - System.nanoTime());
            }
        }
    }
}
