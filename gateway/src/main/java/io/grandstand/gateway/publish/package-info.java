/// Publishing that can be asked for again: at most one record for each (player, id), even where the
/// node that was asked first has died.
///
/// Knows topics, partitions and players; must never know sessions, channels or the game. The nodes
/// agree through a topic of their own, the *ledger*, and keep nothing that is not in Kafka.
///
/// ```
///  caller ──publish──▶ PublishLedger ──tasks──▶ LedgerPartition ──▶ claim, done, abandoned ─▶ ledger
///     ▲                 (one thread,             (decides; knows ──▶ the record ───────────▶ target
///     └───Outcome────────  its Kafka clients)     no Kafka client) ─▶ LostWrites ◀─────────── target
/// ```
@NullMarked
package io.grandstand.gateway.publish;

import org.jspecify.annotations.NullMarked;
