import type { Question } from '../api/messages';

/** The time left to answer. */
export interface Countdown {
  readonly ms: number;
  /** Rounded up, so that 1 is shown until the last moment. */
  readonly seconds: number;
  /** Of the whole window: 1 when it opens, 0 when it locks. */
  readonly fraction: number;
}

/**
 * The time left at `now` (server clock); null where the question takes no answers. The last moment
 * counts, so at `locksAt` itself it is open still.
 */
export function countdownOf(question: Question, now: number): Countdown | null {
  if (question.state !== 'open' || now < question.opensAt || now > question.locksAt) {
    return null;
  }
  const ms = question.locksAt - now;
  return {
    ms,
    seconds: Math.max(1, Math.ceil(ms / 1000)),
    fraction: ms / (question.locksAt - question.opensAt),
  };
}
