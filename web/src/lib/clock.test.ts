import { expect, test } from 'vitest';
import { offsetOf, withSample } from './clock';

const SERVER_AHEAD = 1_750_000_000_000;

test('without samples the time is not known', () => {
  expect(offsetOf([])).toBeNull();
});

test('the server read its clock half way through the round trip', () => {
  const sample = { sentAt: 100, receivedAt: 140, serverAt: SERVER_AHEAD + 120 };
  expect(offsetOf([sample])).toBe(SERVER_AHEAD);
});

test('the shortest round trip is believed, the others are not', () => {
  const slow = { sentAt: 100, receivedAt: 900, serverAt: SERVER_AHEAD + 880 };
  const quick = { sentAt: 1000, receivedAt: 1010, serverAt: SERVER_AHEAD + 1006 };
  const offset = offsetOf([slow, quick, slow]);
  expect(offset).toBe(SERVER_AHEAD + 1);
});

test('the error is at most half the shortest round trip, wherever the server read its clock', () => {
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const samples = [300, 80, 20].map((trip, i) => ({
      sentAt: i * 1000,
      receivedAt: i * 1000 + trip,
      serverAt: SERVER_AHEAD + i * 1000 + trip * share,
    }));
    expect(Math.abs((offsetOf(samples) ?? 0) - SERVER_AHEAD)).toBeLessThanOrEqual(10);
  }
});

test('samples of more than five minutes ago are dropped', () => {
  const old = { sentAt: 0, receivedAt: 1, serverAt: 0 };
  const fresh = { sentAt: 300_001, receivedAt: 300_002, serverAt: SERVER_AHEAD };
  expect(withSample([old], fresh)).toEqual([fresh]);
});
