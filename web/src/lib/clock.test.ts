import { expect, test, vi } from 'vitest';
import { offsetOf, withSample } from './clock';
import { countdownOf } from './countdown';
import { LOCKS_AT, OPENS_AT, question } from './testing';

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

test.each([-3_600_000, 0, 3_600_000])(
  'DOMAIN 2.5: a device clock that is %d ms wrong changes no countdown, nor does setting it',
  (wrongMs) => {
    vi.useFakeTimers({ toFake: ['Date'], now: OPENS_AT + wrongMs });
    try {
      // The page was opened 5 s ago by the monotonic clock; the server's clock shows OPENS_AT + 4 s.
      const first = { sentAt: 5000, receivedAt: 5020, serverAt: OPENS_AT + 4010 };
      const offset = offsetOf(withSample([], first)) ?? 0;
      const left = (monotonic: number) =>
        countdownOf(question('q1', {}), { opensAt: OPENS_AT, endsAt: LOCKS_AT }, monotonic + offset)?.ms;
      expect(left(5000)).toBe(6000);
      vi.setSystemTime(OPENS_AT - wrongMs);
      expect(left(6000)).toBe(5000);
    } finally {
      vi.useRealTimers();
    }
  },
);

test('a sample that contradicts older ones takes their place, as after a sleep', () => {
  const asleepMs = 3_600_000;
  const before = { sentAt: 100, receivedAt: 102, serverAt: SERVER_AHEAD + 101 };
  const after = { sentAt: 5_000, receivedAt: 5_200, serverAt: SERVER_AHEAD + 5_100 + asleepMs };
  expect(withSample([before], after)).toEqual([after]);
  expect(offsetOf(withSample([before], after))).toBe(SERVER_AHEAD + asleepMs);
});
