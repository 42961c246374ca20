import { expect, test } from 'vitest';
import { refusesToken } from './codes';

test('a connection refused for its token needs a new one', () => {
  expect([1, 101, 103, 109, 3500].filter((code) => !refusesToken(code))).toEqual([]);
});

test('any other end of a connection keeps the player', () => {
  expect([0, 2, 3000, 3001, 3008, 3501, 3503].filter(refusesToken)).toEqual([]);
});
