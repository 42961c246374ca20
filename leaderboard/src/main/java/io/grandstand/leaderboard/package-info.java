/// The leaderboard: scores, exact ranks, boards and the answers to top requests, as one Kafka
/// Streams topology.
///
/// Boards are sums of the entries of `points`. This module must not know what earns points.
@NullMarked
package io.grandstand.leaderboard;

import org.jspecify.annotations.NullMarked;
