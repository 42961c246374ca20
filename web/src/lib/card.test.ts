import { describe, expect, test } from 'vitest';
import { PLAIN_TERMS } from '../api/messages';
import { columnsOf, markOf, statusOf } from './card';
import { type GameEvent, NEW_GAME, reduce } from './game';
import { LOCKS_AT, OPENS_AT, corrected, locked, open, receipt, resolved, score, tapped } from './testing';
import { type View, canAnswer, viewOf } from './view';

function view(...events: GameEvent[]): Exclude<View, { state: 'waiting' }> {
  const shown = viewOf(events.reduce(reduce, NEW_GAME), OPENS_AT + 1000);
  if (shown.state === 'waiting') {
    throw new Error('the events show no question');
  }
  return shown;
}

const accepted = [open('q1'), receipt('q1', 'accepted', 'four')];

describe('the line under the options', () => {
  test('says what a right answer earns', () => {
    expect(statusOf(view(open('q1')))).toMatchObject({
      kind: 'hint',
      detail: '10 points if you are right.',
    });
  });

  test('is the receipt of an answer', () => {
    expect(statusOf(view(...accepted))).toMatchObject({
      kind: 'receipt',
      title: 'Answer accepted',
      detail: 'You said Four.',
    });
    expect(statusOf(view(...accepted, locked('q1')))).toMatchObject({
      kind: 'receipt',
      title: 'Answer accepted',
      detail: 'Locked with Four.',
    });
  });

  test('is the outcome of a settled question', () => {
    expect(
      statusOf(
        view(...accepted, score('q1', 3, { correct: true, answer: 'four', points: 10, delta: 10 })),
      ),
    ).toMatchObject({ kind: 'outcome', title: 'Right!', delta: '+10 points' });
    expect(statusOf(view(...accepted, resolved('q1', 'six')))).toMatchObject({
      kind: 'outcome',
      title: 'Not this time',
      detail: 'It was Six.',
      delta: null,
    });
  });

  test('tells what of the points a streak earned', () => {
    const won = { correct: true, answer: 'four', points: 14, delta: 14, bonus: 4 };
    expect(statusOf(view(...accepted, score('q1', 3, won)))).toMatchObject({
      detail: 'It was Four. 4 points of it for your streak.',
      delta: '+14 points',
    });
  });

  test('says that an answer may be changed where the last one counts', () => {
    const last = open('q1', { terms: { ...PLAIN_TERMS, answers: 'last' } });
    const shown = view(last, receipt('q1', 'accepted', 'four'));
    expect(statusOf(shown).detail).toBe('You said Four. You may still change it.');
    expect(canAnswer(shown)).toBe(true);
    expect(markOf(shown, 'six')).toBe('idle');
  });

  test('holds a question back until the picture has come that far', () => {
    const delays = { policy: 'lock', capMs: 15_000 } as const;
    const cued = open('q1', {
      cueAt: 61_000,
      endsAt: LOCKS_AT + 15_000,
      terms: { ...PLAIN_TERMS, delays },
    });
    const media = { match: 'm1', mediaMs: 61_000, at: OPENS_AT };
    const shown = viewOf(reduce(NEW_GAME, cued), OPENS_AT + 1000, { delayMs: 5000, media });
    expect(shown).toMatchObject({ state: 'upcoming', cued: true });
    expect(canAnswer(shown)).toBe(false);
  });

  test('names old and new answer of a correction', () => {
    expect(
      statusOf(
        view(
          ...accepted,
          resolved('q1', 'four'),
          corrected('q1', 'out'),
          score('q1', 4, { answer: 'out', delta: -10 }),
        ),
      ),
    ).toMatchObject({ title: 'Corrected', detail: 'Changed from Four to Out.', delta: '−10 points' });
  });
});

test.each([
  [2, 2],
  [4, 2],
  [5, 3],
  [6, 3],
  [7, 4],
  [8, 4],
  [9, 3],
  [16, 4],
])('%d options stand in %d columns', (options, columns) => {
  expect(columnsOf(options)).toBe(columns);
});

describe('an option', () => {
  test('is marked when it is the own one', () => {
    expect(markOf(view(open('q1'), tapped('q1', 'four')), 'four')).toBe('picked');
    expect(markOf(view(open('q1'), tapped('q1', 'four')), 'six')).toBe('faded');
  });

  test('is marked right or wrong once settled', () => {
    const settled = view(...accepted, resolved('q1', 'six'));
    expect(['four', 'six', 'out'].map((option) => markOf(settled, option))).toEqual([
      'wrong',
      'right',
      'faded',
    ]);
  });

  test('that was right before a correction shows so', () => {
    const settled = view(...accepted, resolved('q1', 'four'), corrected('q1', 'out'));
    expect(['four', 'six', 'out'].map((option) => markOf(settled, option))).toEqual([
      'formerly-right',
      'faded',
      'right',
    ]);
  });
});
