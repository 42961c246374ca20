import { expect, test } from 'vitest';
import { figuresOf, shownFigures } from './figures';

const FIGURES = {
  points: 26,
  answered: 3,
  correct: 2,
  accuracy: 0.667,
  streak: 2,
  longestStreak: 1200,
  answerMs: 2849,
};
const STATS = { overall: FIGURES, matches: [{ match: 'm1', figures: { ...FIGURES, streak: 1 } }] };

test('figures are of the match, or of all where none is asked for', () => {
  expect(figuresOf(STATS, 'm1')?.streak).toBe(1);
  expect(figuresOf(STATS, null)?.streak).toBe(2);
  expect(figuresOf(STATS, 'm2')).toBeNull();
  expect(figuresOf(null, 'm1')).toBeNull();
});

test('figures are shown as people read them', () => {
  expect(shownFigures(FIGURES).map((each) => each.value)).toEqual(['2', '1,200', '67 %', '2.8 s']);
});

test('before the first result they are dashes', () => {
  expect(shownFigures(null).map((each) => each.value)).toEqual(['–', '–', '–', '–']);
  expect(shownFigures({ ...FIGURES, answered: 0 })[0]?.value).toBe('–');
});
