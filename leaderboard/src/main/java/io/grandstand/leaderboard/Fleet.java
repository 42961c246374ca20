package io.grandstand.leaderboard;

import io.grandstand.events.RankAt;
import java.util.Collection;
import java.util.List;

/// All partitions of players, wherever they are. Thread-safe; calls block.
///
/// Every call throws `NotReadyException` unless it is answered for exactly the partitions it is
/// about: half a board is no board.
interface Fleet {
    /// The scores of these players, in any order.
    List<Standing> find(String board, Collection<String> players)
            throws NotReadyException, InterruptedException;

    /// The ranks that a player had on a board, oldest first; empty where the player is not on it.
    List<RankAt> history(String board, String player)
            throws NotReadyException, InterruptedException;

    /// The answers of every partition, one each.
    <A extends PartAnswer> List<A> askAll(PartQuery query, Class<A> type)
            throws NotReadyException, InterruptedException;

    /// The answer of any partition.
    <A extends PartAnswer> A askAny(PartQuery query, Class<A> type)
            throws NotReadyException, InterruptedException;

    /// Who is in a league; empty where there is no such league.
    List<String> members(String league) throws NotReadyException, InterruptedException;
}
