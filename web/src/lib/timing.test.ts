import { describe, expect, test } from 'vitest';
import { PLAIN_TERMS } from '../api/messages';
import { LOCKS_AT, OPENS_AT, question } from './testing';
import { NO_PICTURE, timingOf } from './timing';

const LOCK = { ...PLAIN_TERMS, delays: { policy: 'lock', capMs: 15_000 } } as const;
const MEDIA = { match: 'm1', mediaMs: 60_000, at: OPENS_AT - 1000 };

test('a plain question is the same for everybody, however late the picture', () => {
  const window = { opensAt: OPENS_AT, endsAt: LOCKS_AT };
  expect(timingOf(question('q1', {}), NO_PICTURE)).toEqual(window);
  expect(timingOf(question('q1', {}), { delayMs: 30_000, media: MEDIA })).toEqual(window);
});

describe('where delays are believed', () => {
  const asked = question('q1', { terms: LOCK, endsAt: LOCKS_AT + 15_000 });

  test('who is late has longer by as much, up to the cap', () => {
    const endsAt = (delayMs: number): number => timingOf(asked, { delayMs, media: null }).endsAt;
    expect(endsAt(0)).toBe(LOCKS_AT);
    expect(endsAt(4_000)).toBe(LOCKS_AT + 4_000);
    expect(endsAt(60_000)).toBe(LOCKS_AT + 15_000);
  });

  test('nobody has longer than to the ball', () => {
    const ball = { ...asked, endsAt: LOCKS_AT + 2_000 };
    expect(timingOf(ball, { delayMs: 10_000, media: null }).endsAt).toBe(LOCKS_AT + 2_000);
  });

  test('a cue shows the question when the picture has come that far', () => {
    const cued = { ...asked, cueAt: 61_000 };
    expect(timingOf(cued, { delayMs: 5_000, media: MEDIA })).toEqual({
      opensAt: OPENS_AT + 5_000,
      endsAt: LOCKS_AT + 5_000,
    });
  });

  test('a cue holds nothing back without a stream, nor for longer than is made up for', () => {
    const cued = { ...asked, cueAt: 61_000 };
    expect(timingOf(cued, { delayMs: 5_000, media: null }).opensAt).toBe(OPENS_AT);
    expect(timingOf(cued, { delayMs: 40_000, media: MEDIA }).opensAt).toBe(OPENS_AT + 15_000);
    expect(timingOf({ ...cued, terms: PLAIN_TERMS }, { delayMs: 40_000, media: MEDIA }).opensAt).toBe(
      OPENS_AT,
    );
  });
});
