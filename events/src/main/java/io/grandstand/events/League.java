package io.grandstand.events;

import java.util.HashSet;
import java.util.List;

/// A set of players that compare themselves on any board. Topic `league`, keyed by league; private.
/// A record without a value ends the league.
///
/// @param members 1 to 10,000 players, in any order; together at most 600,000 characters, so that a
///   league fits Kafka's largest record
public record League(String league, List<String> members) {
    public static final int MEMBERS_MAX = 10_000;

    private static final int CHARACTERS_MAX = 600_000;

    public League {
        Check.id("league", league);
        Check.require(members != null, "members are missing");
        Check.range("number of members", members.size(), 1, MEMBERS_MAX);
        members.forEach(Check::player);
        Check.require(new HashSet<>(members).size() == members.size(), "a member stands twice");
        Check.range(
                "length of all members' ids",
                members.stream().mapToInt(String::length).sum(),
                1,
                CHARACTERS_MAX);
        members = List.copyOf(members);
    }
}
