import { describe, expect, test } from 'vitest';
import { boardOf, refusalText, requestOf } from './boards';

const SCENE = { match: 'm1', season: 'demo', now: Date.UTC(2026, 10, 21, 23, 59) };
const OF = { page: 2, friends: ['p-1'], league: 'abc' };

describe('a board', () => {
  test('is named as the server names it', () => {
    expect((['match', 'day', 'season', 'all'] as const).map((kind) => boardOf(kind, SCENE))).toEqual([
      'm1',
      'day.2026-11-21',
      'season.demo',
      'all',
    ]);
  });

  test('of the day waits for the server time, of the season for a season', () => {
    expect(boardOf('day', { ...SCENE, now: null })).toBeNull();
    expect(boardOf('season', { ...SCENE, season: null })).toBeNull();
  });
});

describe('a request', () => {
  test('says which rows it wants', () => {
    expect(requestOf('all', 'top', 'r', OF)).toEqual({ board: 'all', request: 'r', kind: 'top' });
    expect(requestOf('all', 'around', 'r', OF)).toMatchObject({ kind: 'around', k: 5 });
    expect(requestOf('all', 'page', 'r', OF)).toMatchObject({ kind: 'page', offset: 40, size: 20 });
    expect(requestOf('all', 'friends', 'r', OF)).toMatchObject({ players: ['p-1'] });
    expect(requestOf('all', 'league', 'r', OF)).toMatchObject({ league: 'abc' });
  });

  test('is not made without friends, nor without a league', () => {
    expect(requestOf('all', 'friends', 'r', { ...OF, friends: [] })).toBeNull();
    expect(requestOf('all', 'league', 'r', { ...OF, league: null })).toBeNull();
  });
});

test('a refusal is told in words for players', () => {
  for (const refusal of ['invalid', 'rate', 'busy', 'restoring', 'unknown'] as const) {
    expect(refusalText(refusal)).toMatch(/^[A-Z].*[.…]$/);
  }
});
