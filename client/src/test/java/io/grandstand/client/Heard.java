package io.grandstand.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Everything a client tells its owner, as lines in the order told.
final class Heard implements ClientListener {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /// The next line.
    String next() throws InterruptedException {
        String line = lines.poll(10, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("heard nothing");
        }
        return line;
    }

    boolean nothingMore() {
        return lines.isEmpty();
    }

    @Override
    public void connected(String client) {
        lines.add("connected " + client);
    }

    @Override
    public void disconnected(int code, String reason, boolean willReconnect) {
        lines.add(
                "disconnected %d %s, %s".formatted(code, reason, willReconnect ? "again" : "over"));
    }

    SubscriptionListener of(String name) {
        return new SubscriptionListener() {
            @Override
            public void subscribed(Position position, boolean wasRecovering, boolean recovered) {
                lines.add(
                        "%s subscribed %s@%d %b %b"
                                .formatted(
                                        name,
                                        position.epoch(),
                                        position.offset(),
                                        wasRecovering,
                                        recovered));
            }

            @Override
            public void publication(Publication publication) {
                lines.add(
                        "%s %d %s %s"
                                .formatted(
                                        name,
                                        publication.offset(),
                                        publication.text().replace('"', '\''),
                                        publication.tags()));
            }

            @Override
            public void unsubscribed(int code, String reason) {
                lines.add("%s unsubscribed %d %s".formatted(name, code, reason));
            }

            @Override
            public void error(ClientException error) {
                lines.add(
                        "%s error %d %s%s"
                                .formatted(
                                        name,
                                        error.code(),
                                        error.getMessage(),
                                        error.temporary() ? ", temporary" : ""));
            }
        };
    }
}
