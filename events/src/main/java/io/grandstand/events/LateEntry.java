package io.grandstand.events;

/// An entry that came too late for its season's final table. Topic `season-late`, keyed by player;
/// private. It counts on its other boards; what it means for prizes is for people to decide.
///
/// @param timestamp the entry's own record timestamp, ms since the epoch
/// @param closedAt the last moment at which an entry counted, ms since the epoch
public record LateEntry(String player, Points entry, long timestamp, long closedAt) {}
