import { describe, expect, test } from 'vitest';
import type { BoardRow } from '../api/messages';
import { NO_STANDING, type Standing, isStale, ownRow, standingOf, withLeaderboard } from './standing';

const row = (rank: number, player: string, score: number): BoardRow => ({
  rank,
  player,
  name: player,
  score,
  country: null,
  boardRank: null,
});

/** Ten players with 100, 90, … points, and me behind them. */
const HEAD = Array.from({ length: 10 }, (_, i) => row(i + 1, `p${i + 1}`, 100 - 10 * i));
const BEHIND: Standing = { rank: 14, score: 5, players: 200, rows: HEAD };

test("the board's head tells the own rank to those in it", () => {
  const top = [row(1, 'p1', 100), row(2, 'me', 90), row(2, 'p2', 90)];
  expect(
    withLeaderboard(BEHIND, { board: 'm1', asOf: 1, players: 3, top }, 'me'),
  ).toMatchObject({ rank: 2, score: 90, players: 3 });
});

test('for the others the rank that was asked for stays', () => {
  expect(
    withLeaderboard(BEHIND, { board: 'm1', asOf: 1, players: 201, top: HEAD }, 'me'),
  ).toMatchObject({ rank: 14, score: 5, players: 201 });
});

test('what was asked for replaces everything', () => {
  const me = { rank: 3, score: 70 };
  const plain = { request: null, offset: null, history: null, refused: null };
  const top = { board: 'm1', me, players: 9, top: HEAD, ...plain };
  expect(standingOf(top)).toEqual({ rank: 3, score: 70, players: 9, rows: HEAD });
});

describe('the own place is asked for', () => {
  test('when it belongs to another total', () => {
    expect(isStale(BEHIND, 'me', 15)).toBe(true);
    expect(isStale(BEHIND, 'me', 5)).toBe(false);
    expect(isStale(NO_STANDING, 'me', null)).toBe(false);
  });

  test('when it came before the first entry, whose points may be none', () => {
    expect(isStale({ ...BEHIND, rank: null, score: 0 }, 'me', 0)).toBe(true);
    expect(isStale({ ...BEHIND, rank: null, score: 0 }, 'me', null)).toBe(false);
  });

  test('when others pushed the player out of the head', () => {
    expect(isStale({ ...BEHIND, rank: 9, score: 15 }, 'me', 15)).toBe(true);
    expect(isStale({ ...BEHIND, rank: 10, score: 5 }, 'me', 5)).toBe(true);
  });

  test('but not when the last rank is shared by more than the head can show', () => {
    expect(isStale({ ...BEHIND, rank: 10, score: 10 }, 'me', 10)).toBe(false);
  });
});

describe('the own row below the head', () => {
  test('is there for a player behind it', () => {
    expect(ownRow(BEHIND, 'me', 'Asha')).toEqual({
      rank: 14,
      player: 'me',
      name: 'Asha',
      score: 5,
      country: null,
      boardRank: null,
    });
  });

  test('is not there twice, and not without a rank', () => {
    expect(ownRow({ ...BEHIND, rank: 1 }, 'p1', 'P')).toBeNull();
    expect(ownRow(NO_STANDING, 'me', 'Asha')).toBeNull();
  });
});
