// The player's rank in a match over time, as this browser saw it.

/** A rank and when it was had, by the server's clock. */
export interface RankAt {
  readonly at: number;
  readonly rank: number;
}

/** Ranks kept; of the oldest half every other one is left out when there are more. */
export const RANKS_MAX = 120;

/** The history with a rank added; the same one where it is no change. */
export function withRank(history: readonly RankAt[], rank: number, at: number): readonly RankAt[] {
  const last = history.at(-1);
  if (last !== undefined && (last.rank === rank || last.at > at)) {
    return history;
  }
  const all = [...history, { at, rank }];
  return all.length <= RANKS_MAX
    ? all
    : all.filter((_, i) => i === 0 || i >= RANKS_MAX / 2 || i % 2 === 1);
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
