import { expect, test } from 'vitest';
import { PLAIN_TERMS } from '../api/messages';
import { rulesOf } from './rule';
import { question } from './testing';

test('the plain rule needs no words', () => {
  expect(rulesOf(question('q1', {}))).toEqual([]);
});

test('what is special about a question is told', () => {
  const terms = {
    ...PLAIN_TERMS,
    answers: 'last',
    speed: { floor: 2, overMs: 7_500 },
    streak: { bonus: 2, max: 10 },
    delays: { policy: 'lock', capMs: 15_000 },
  } as const;
  expect(rulesOf(question('q1', { terms }))).toEqual([
    'Be quick: down to 2 points after 7.5 s',
    'Streak: +2 a right answer in a row, up to +10',
    'You may change your mind until the lock',
    'Late picture? Up to 15 s longer, but never past the ball',
  ]);
});

test('who is asked about something later has the full time', () => {
  const terms = { ...PLAIN_TERMS, delays: { policy: 'later', capMs: 30_000 } } as const;
  expect(rulesOf(question('q1', { terms }))).toEqual(['Late picture? Up to 30 s longer']);
});
