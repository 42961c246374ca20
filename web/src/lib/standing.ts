import type { BoardRow, Leaderboard, Top } from '../api/messages';

/** Where the player stands on the match's board. */
export interface Standing {
  /** Null while not on the board, or not known. */
  readonly rank: number | null;
  /** Null while not known. */
  readonly score: number | null;
  readonly players: number;
  readonly rows: readonly BoardRow[];
}

export const NO_STANDING: Standing = { rank: null, score: null, players: 0, rows: [] };

/** The board's head; it tells the own rank only to the players in it. */
export function withLeaderboard(
  standing: Standing,
  leaderboard: Leaderboard,
  player: string,
): Standing {
  const own = leaderboard.top.find((row) => row.player === player);
  return {
    rank: own?.rank ?? standing.rank,
    score: own?.score ?? standing.score,
    players: leaderboard.players,
    rows: leaderboard.top,
  };
}

/** The own place, as asked for. */
export function standingOf(top: Top): Standing {
  return { rank: top.me.rank, score: top.me.score, players: top.players, rows: top.top };
}

/**
 * Whether to ask for the own place: it belongs to another total than the player has, or the board's
 * head, without the player in it, contradicts it.
 */
export function isStale(standing: Standing, player: string, total: number | null): boolean {
  // Whoever has a total is on the board: without a rank the answer was older than the entry.
  if (total !== null && (total !== standing.score || standing.rank === null)) {
    return true;
  }
  const last = standing.rows.at(-1);
  const { rank, score, rows } = standing;
  if (!last || rank === null || score === null || rows.some((row) => row.player === player)) {
    return false;
  }
  return rank < last.rank || (rank === last.rank && score < last.score);
}

/** The own row to show below the head; null where the head has it or there is none. */
export function ownRow(standing: Standing, player: string, name: string): BoardRow | null {
  const { rank, score, rows } = standing;
  return rank === null || score === null || rows.some((row) => row.player === player)
    ? null
    : { rank, player, name, score, country: null, boardRank: null };
}
