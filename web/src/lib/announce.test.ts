import { expect, test } from 'vitest';
import { announcementOf } from './announce';
import { type GameEvent, NEW_GAME, reduce } from './game';
import { LOCKS_AT, OPENS_AT, locked, open, receipt, resolved, score, tapped } from './testing';
import { viewOf } from './view';

/** What is said along a story of events, each at a time after the question opens. */
function said(...story: [ms: number, ...events: GameEvent[]][]): string[] {
  let game = NEW_GAME;
  let before = viewOf(game, OPENS_AT);
  const sentences: string[] = [];
  for (const [ms, ...events] of story) {
    game = events.reduce(reduce, game);
    const after = viewOf(game, OPENS_AT + ms);
    const sentence = announcementOf(before, after);
    if (sentence !== null) {
      sentences.push(sentence);
    }
    before = after;
  }
  return sentences;
}

test('a round is told in four sentences', () => {
  expect(
    said(
      [0, open('q1')],
      [1000],
      [2000, tapped('q1', 'four')],
      [2100, receipt('q1', 'accepted', 'four')],
      [8000, locked('q1')],
      [9000, resolved('q1', 'four'), score('q1', 3, { correct: true, answer: 'four', points: 10 })],
    ),
  ).toEqual([
    'New question. Ball q1: what will it bring? 10 seconds to answer.',
    'Answer accepted: Four.',
    'Locked.',
    'Right, 10 points.',
  ]);
});

test('five seconds left is said once, however often the countdown ticks', () => {
  const ticks = Array.from({ length: 100 }, (_, i): [number] => [i * 100]);
  const sentences = said([0, open('q1')], ...ticks);
  expect(sentences).toEqual([
    'New question. Ball q1: what will it bring? 10 seconds to answer.',
    '5 seconds left.',
  ]);
});

test('who has answered is not warned of the time', () => {
  const sentences = said(
    [0, open('q1')],
    [1000, receipt('q1', 'accepted', 'four')],
    [5500],
    [9000],
  );
  expect(sentences).not.toContain('5 seconds left.');
});

test('right is said with its points, when they come', () => {
  expect(
    said(
      [0, open('q1'), receipt('q1', 'accepted', 'four')],
      [9000, resolved('q1', 'four')],
      [9100, score('q1', 3, { correct: true, answer: 'four', points: 10 })],
    ).at(-1),
  ).toBe('Right, 10 points.');
});

test('joining between questions says nothing of the lock', () => {
  expect(said([LOCKS_AT - OPENS_AT + 1, locked('q1')])).toEqual([]);
});
