package io.grandstand.leaderboard;

/// What every partition of players must know of a season's close. Topic `season-mark`, a copy in
/// every partition.
///
/// @param closedAt the last moment at which an entry counts, by its record timestamp in ms
/// @param frozen false as soon as the close is known, so that later entries are told apart; true
///   once everything up to the close has been read, so that the table can be published
/// @param partitions how many partitions of players there are, each of which sends its part of the
///   table; 0 where not `frozen`
record SeasonMark(String season, long closedAt, boolean frozen, int partitions) {}
