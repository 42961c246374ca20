import { expect, test } from 'vitest';
import type { Match, MatchState } from '../api/messages';
import { pickMatch } from './matches';

const match = (id: string, state: MatchState): Match => ({ id, title: id, state });

test('the match that the address names is shown', () => {
  expect(pickMatch([match('a', 'live'), match('b', 'finished')], 'b')?.id).toBe('b');
});

test('else the first live one, whatever stands before it', () => {
  const matches = [match('a', 'finished'), match('b', 'live'), match('c', 'live')];
  expect(pickMatch(matches, null)?.id).toBe('b');
  expect(pickMatch(matches, 'gone')?.id).toBe('b');
});

test('else the next to come, else the last one played, else none', () => {
  expect(pickMatch([match('a', 'finished'), match('b', 'scheduled')], null)?.id).toBe('b');
  expect(pickMatch([match('a', 'finished')], null)?.id).toBe('a');
  expect(pickMatch([], 'a')).toBeNull();
});
