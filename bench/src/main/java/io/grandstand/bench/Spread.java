package io.grandstand.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Which of a group's clients a message is for.
enum Spread {
    /// Every message goes to every client.
    @JsonProperty("everyone")
    EVERYONE,
    /// Each client has a channel of its own, and they take turns.
    @JsonProperty("round-robin")
    ROUND_ROBIN;

    /// How many of the first `sent` messages are for the client with this index of so many.
    long share(long sent, int index, int clients) {
        return switch (this) {
            case EVERYONE -> sent;
            case ROUND_ROBIN -> Math.max(0, (sent - index + clients - 1) / clients);
        };
    }

    /// How many deliveries the first `sent` messages are, to the clients from `first` on.
    long deliveries(long sent, int first, int count, int clients) {
        long sum = 0;
        for (int index = first; index < first + count; index++) {
            sum += share(sent, index, clients);
        }
        return sum;
    }
}
