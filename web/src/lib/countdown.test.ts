import { expect, test } from 'vitest';
import { countdownOf } from './countdown';
import { LOCKS_AT, OPENS_AT, question } from './testing';

const running = question('q1', {});
const WINDOW = { opensAt: OPENS_AT, endsAt: LOCKS_AT };

test('a question that just opened has its whole window', () => {
  expect(countdownOf(running, WINDOW, OPENS_AT)).toEqual({ ms: 10_000, seconds: 10, fraction: 1 });
});

test('seconds are rounded up, and one is shown to the very end', () => {
  expect(countdownOf(running, WINDOW, OPENS_AT + 1)?.seconds).toBe(10);
  expect(countdownOf(running, WINDOW, OPENS_AT + 1000)?.seconds).toBe(9);
  expect(countdownOf(running, WINDOW, LOCKS_AT)).toEqual({ ms: 0, seconds: 1, fraction: 0 });
});

test('outside its window there is none', () => {
  expect(countdownOf(running, WINDOW, OPENS_AT - 1)).toBeNull();
  expect(countdownOf(running, WINDOW, LOCKS_AT + 1)).toBeNull();
});

test('a question that is not open has none, whatever the time', () => {
  expect(countdownOf(question('q1', { state: 'locked' }), WINDOW, OPENS_AT + 1)).toBeNull();
});
