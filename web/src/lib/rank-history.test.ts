import { describe, expect, test } from 'vitest';
import type { RankAt } from '../api/messages';
import { RANKS_MAX, lineOf, withRank, withSeen } from './rank-history';

describe('the history of a rank', () => {
  test('has each change once, in order', () => {
    const once = withRank([], 5, 100);
    expect(withRank(once, 5, 200)).toBe(once);
    expect(withRank(once, 3, 50)).toBe(once);
    expect(withRank(once, 3, 200)).toEqual([
      { at: 100, rank: 5 },
      { at: 200, rank: 3 },
    ]);
  });

  test('keeps its newest part', () => {
    let history: readonly RankAt[] = [];
    for (let i = 0; i < 3 * RANKS_MAX; i++) {
      history = withRank(history, i % 2 === 0 ? 1 : 2, i);
    }
    expect(history.map((each) => each.at)).toEqual(
      Array.from({ length: RANKS_MAX }, (_, i) => 2 * RANKS_MAX + i),
    );
  });

  test('begins with what the server kept and goes on with what was seen since', () => {
    const kept = [
      { at: 100, rank: 5 },
      { at: 150, rank: 5 },
      { at: 200, rank: 3 },
    ];
    const seen = [
      { at: 180, rank: 4 },
      { at: 210, rank: 3 },
      { at: 300, rank: 2 },
    ];
    const history = [
      { at: 100, rank: 5 },
      { at: 200, rank: 3 },
      { at: 300, rank: 2 },
    ];
    expect(withSeen(kept, seen)).toEqual(history);
    expect(withSeen(kept, history)).toEqual(history);
    expect(withSeen([], seen)).toEqual(seen);
  });
});

describe('its line', () => {
  test('is a step at each change, the best rank at the top', () => {
    const history = [
      { at: 0, rank: 5 },
      { at: 50, rank: 1 },
      { at: 100, rank: 3 },
    ];
    expect(lineOf(history, 100, 40)).toEqual([
      [0, 40],
      [50, 40],
      [50, 0],
      [100, 0],
      [100, 20],
    ]);
  });

  test('of a single rank runs through the middle', () => {
    expect(lineOf([{ at: 7, rank: 4 }], 100, 40)).toEqual([
      [0, 20],
      [100, 20],
    ]);
    expect(lineOf([], 100, 40)).toEqual([]);
  });
});
