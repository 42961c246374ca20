import type { Question } from '../api/messages';
import type { Timing } from './timing';

/** The time left to answer. */
export interface Countdown {
  readonly ms: number;
  /** Rounded up, so that 1 is shown until the last moment. */
  readonly seconds: number;
  /** Of the whole window: 1 when it opens, 0 when it ends. */
  readonly fraction: number;
}

/**
 * The time left at `now` (server clock); null where the question takes no answers. The last moment
 * counts, so at `endsAt` itself it is open still.
 */
export function countdownOf(question: Question, timing: Timing, now: number): Countdown | null {
  if (question.state !== 'open' || now < timing.opensAt || now > timing.endsAt) {
    return null;
  }
  const ms = timing.endsAt - now;
  return {
    ms,
    seconds: Math.max(1, Math.ceil(ms / 1000)),
    fraction: Math.min(1, ms / Math.max(1, timing.endsAt - timing.opensAt)),
  };
}
