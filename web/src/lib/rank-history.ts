// The player's rank in a match over time.

import type { RankAt } from '../api/messages';

/** Ranks kept, the newest ones; as the server has it. */
export const RANKS_MAX = 50;

/** The history with a rank added; the same one where it is no change. */
export function withRank(history: readonly RankAt[], rank: number, at: number): readonly RankAt[] {
  const last = history.at(-1);
  return last !== undefined && (last.rank === rank || last.at > at)
    ? history
    : [...history, { at, rank }].slice(-RANKS_MAX);
}

/** What the server kept, and after it what was seen while that was on its way. */
export function withSeen(kept: readonly RankAt[], seen: readonly RankAt[]): readonly RankAt[] {
  return [...kept, ...seen].reduce(
    (history, { rank, at }) => withRank(history, rank, at),
    [] as readonly RankAt[],
  );
}

/** Points of a step line in a box of this size: the best rank at the top, time to the right. */
export function lineOf(
  history: readonly RankAt[],
  width: number,
  height: number,
): readonly (readonly [number, number])[] {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined) {
    return [];
  }
  const ranks = history.map((each) => each.rank);
  const best = Math.min(...ranks);
  const spread = Math.max(...ranks) - best;
  const span = last.at - first.at;
  const points: [number, number][] = [];
  for (const { at, rank } of history) {
    const x = span === 0 ? 0 : (width * (at - first.at)) / span;
    const y = spread === 0 ? height / 2 : (height * (rank - best)) / spread;
    const before = points.at(-1);
    if (before !== undefined) {
      points.push([x, before[1]]);
    }
    points.push([x, y]);
  }
  const end = points.at(-1);
  return end === undefined || end[0] === width ? points : [...points, [width, end[1]]];
}
