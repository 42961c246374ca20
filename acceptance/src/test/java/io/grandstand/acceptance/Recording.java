package io.grandstand.acceptance;

import io.grandstand.client.ClientException;
import io.grandstand.client.Position;
import io.grandstand.client.Publication;
import io.grandstand.client.SubscriptionListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Writes down what a subscriber hears, for a test to take in order.
final class Recording implements SubscriptionListener {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    /// One thing a subscriber heard.
    sealed interface Heard {}

    record Subscribed(Position position, boolean wasRecovering, boolean recovered)
            implements Heard {}

    record Message(long offset, String data, String tags) implements Heard {}

    record Unsubscribed(int code) implements Heard {}

    record Refused(int code, boolean temporary) implements Heard {}

    @Override
    public void subscribed(Position position, boolean wasRecovering, boolean recovered) {
        heard.add(new Subscribed(position, wasRecovering, recovered));
    }

    @Override
    public void publication(Publication publication) {
        heard.add(
                new Message(
                        publication.offset(), publication.text(), publication.tags().toString()));
    }

    @Override
    public void unsubscribed(int code, String reason) {
        heard.add(new Unsubscribed(code));
    }

    @Override
    public void error(ClientException error) {
        heard.add(new Refused(error.code(), error.temporary()));
    }

    /// The next thing heard; waits for it.
    Heard next() throws InterruptedException {
        Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was heard for " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    /// The next thing heard, which must be of this type.
    <H extends Heard> H next(Class<H> type) throws InterruptedException {
        return type.cast(next());
    }

    /// The data of the next messages; anything else in between is passed over.
    List<String> messages(int count) throws InterruptedException {
        var messages = new ArrayList<String>(count);
        while (messages.size() < count) {
            if (next() instanceof Message message) {
                messages.add(message.data());
            }
        }
        return messages;
    }

    boolean isEmpty() {
        return heard.isEmpty();
    }
}
