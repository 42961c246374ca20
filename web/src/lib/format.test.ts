import { expect, test } from 'vitest';
import type { Ball, Extras } from '../api/messages';
import { ballNumber, ballText, ballTone, deltaText, markTone, pointsText, whole } from './format';

const NO_EXTRAS: Extras = { wides: 0, noballs: 0, byes: 0, legbyes: 0, penalty: 0 };

function ball(change: Partial<Ball>): Ball {
  return {
    match: 'm1',
    seq: 1,
    version: 1,
    innings: 1,
    over: 12,
    ball: 3,
    batter: 'Rao',
    bowler: 'Cole',
    runs: 0,
    batterRuns: 0,
    extras: NO_EXTRAS,
    wickets: [],
    ...change,
  };
}

test('numbers have separators and a real minus', () => {
  expect(whole(1_234_567)).toBe('1,234,567');
  expect(deltaText(-10)).toBe('−10 points');
  expect(deltaText(10)).toBe('+10 points');
  expect(pointsText(1)).toBe('1 point');
});

test('a ball is numbered by over and delivery', () => {
  expect(ballNumber(ball({}))).toBe('12.3');
});

test.each<[string, string, Partial<Ball>]>([
  ['Dot ball', 'dot', {}],
  ['1 run', 'runs', { runs: 1, batterRuns: 1 }],
  ['3 runs', 'runs', { runs: 3, batterRuns: 3 }],
  ['Four', 'four', { runs: 4, batterRuns: 4 }],
  ['Six', 'six', { runs: 6, batterRuns: 6 }],
  ['Wide', 'extra', { runs: 1, extras: { ...NO_EXTRAS, wides: 1 } }],
  ['Wide + 4', 'extra', { runs: 5, extras: { ...NO_EXTRAS, wides: 5 } }],
  ['No ball + 6', 'extra', { runs: 7, batterRuns: 6, extras: { ...NO_EXTRAS, noballs: 1 } }],
  ['2 leg byes', 'extra', { runs: 2, extras: { ...NO_EXTRAS, legbyes: 2 } }],
  ['1 bye', 'extra', { runs: 1, extras: { ...NO_EXTRAS, byes: 1 } }],
  ['Out, caught', 'wicket', { wickets: [{ kind: 'caught', player: 'Rao' }] }],
  ['Retired hurt', 'dot', { wickets: [{ kind: 'retired hurt', player: 'Rao' }] }],
])('%s', (text, tone, change) => {
  expect(ballText(ball(change))).toBe(text);
  expect(ballTone(ball(change))).toBe(tone);
});

test("a scorer's marks have their tones", () => {
  expect(['•', '1', '4', '6', 'W', '1wd', '2lb'].map(markTone)).toEqual([
    'dot',
    'runs',
    'four',
    'six',
    'wicket',
    'extra',
    'extra',
  ]);
});
