package io.grandstand.events;

/// Where a player stood on a board when told so.
///
/// @param at when that was, ms since the epoch
/// @param rank 1 + the number of players above
/// @param players how many players were on the board
public record RankAt(long at, long rank, long score, long players) {}
