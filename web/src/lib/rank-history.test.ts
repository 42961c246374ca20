import { describe, expect, test } from 'vitest';
import { RANKS_MAX, type RankAt, lineOf, withRank } from './rank-history';

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

  test('stays bounded, and keeps its beginning and its newest part', () => {
    let history: readonly RankAt[] = [];
    for (let i = 0; i < 1000; i++) {
      history = withRank(history, i % 2 === 0 ? 1 : 2, i);
      expect(history.length).toBeLessThanOrEqual(RANKS_MAX);
    }
    expect(history[0]?.at).toBe(0);
    expect(history.slice(-4).map((each) => each.at)).toEqual([996, 997, 998, 999]);
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
