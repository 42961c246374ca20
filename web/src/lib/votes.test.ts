import { describe, expect, test } from 'vitest';
import { type GameEvent, NEW_GAME, reduce } from './game';
import { LOCKS_AT, OPENS_AT, locked, open, receipt, resolved, tapped, voided } from './testing';
import { viewOf } from './view';
import { shareOf, votesOf, votesText } from './votes';

const VOTES = { match: 'm1', question: 'q1', total: 3, counts: { four: 2, six: 1 } };

function shownAt(now: number, ...events: GameEvent[]): boolean {
  return votesOf(viewOf(events.reduce(reduce, NEW_GAME), now), VOTES) !== null;
}

describe('how everybody answered', () => {
  test('is not shown before the own answer counts', () => {
    expect(shownAt(OPENS_AT, open('q1'))).toBe(false);
    expect(shownAt(OPENS_AT, open('q1'), tapped('q1', 'four'))).toBe(false);
    expect(shownAt(OPENS_AT, open('q1'), receipt('q1', 'closed'))).toBe(false);
  });

  test('is shown once the own answer counts', () => {
    expect(shownAt(OPENS_AT, open('q1'), receipt('q1', 'accepted', 'four'))).toBe(true);
  });

  test('is shown to everybody who can no longer answer', () => {
    expect(shownAt(LOCKS_AT + 1, open('q1'))).toBe(true);
    expect(shownAt(LOCKS_AT, locked('q1'))).toBe(true);
    expect(shownAt(LOCKS_AT, resolved('q1', 'four'))).toBe(true);
  });

  test('is not shown of a question that was taken back, nor of another one', () => {
    expect(shownAt(LOCKS_AT, voided('q1'))).toBe(false);
    expect(shownAt(LOCKS_AT + 60_000, locked('q2'))).toBe(false);
  });
});

test('shares are whole percent of all answers', () => {
  expect(['four', 'six', 'out'].map((option) => shareOf(VOTES, option))).toEqual([67, 33, 0]);
  expect(shareOf({ ...VOTES, total: 0, counts: {} }, 'four')).toBe(0);
  expect(votesText(VOTES, true)).toBe('3 answers so far');
  expect(votesText({ ...VOTES, total: 1 }, false)).toBe('1 answer');
});
