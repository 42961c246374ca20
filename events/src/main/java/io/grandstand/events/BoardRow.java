package io.grandstand.events;

/// One line of a leaderboard. Equal scores share a rank (1, 2, 2, 4).
///
/// @param name display data, joined late; the player's id where no name is known
public record BoardRow(long rank, String player, String name, long score) {}
