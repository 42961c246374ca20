package io.grandstand.quiz;

import io.grandstand.streams.StoreKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// What each player has done: a card for each match, and the profile over all of them. A profile is
/// kept up by differences; only where a longest streak got shorter are the player's cards read.
final class Accounts {
    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, Card> cards;
    private final KeyValueStore<String, Profile> profiles;

    Accounts(KeyValueStore<String, Card> cards, KeyValueStore<String, Profile> profiles) {
        this.cards = cards;
        this.profiles = profiles;
    }

    Card card(String player, String match) {
        Card card = cards.get(StoreKeys.of(player, match));
        return card == null ? Card.EMPTY : card;
    }

    /// Puts a card in the place of `before` and returns the player's profile with it.
    Profile put(String player, String match, Card before, Card now) {
        cards.put(StoreKeys.of(player, match), now);
        Profile known = profiles.get(player);
        Profile profile = known == null ? Profile.EMPTY : known;
        boolean lostLongest =
                now.longest() < before.longest() && before.longest() >= profile.longest();
        int longest = lostLongest ? longest(player) : Math.max(profile.longest(), now.longest());
        Profile after = profile.with(match, before, now, longest);
        profiles.put(player, after);
        return after;
    }

    /// Single questions of the match are known no more.
    void carry(String player, String match) {
        cards.put(StoreKeys.of(player, match), card(player, match).carry());
    }

    private int longest(String player) {
        int longest = 0;
        try (KeyValueIterator<String, Card> all =
                cards.prefixScan(StoreKeys.prefix(player), TEXT)) {
            while (all.hasNext()) {
                longest = Math.max(longest, all.next().value.longest());
            }
        }
        return longest;
    }
}
