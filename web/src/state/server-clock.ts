import { fetchTime } from '../api/demo';
import { type TimeSample, offsetOf, withSample } from '../lib/clock';

const SAMPLES_AT_ONCE = 5;
const BETWEEN_SAMPLES_MS = 150;
const MEASURE_EVERY_MS = 60_000;

/** The server's time. Measured at first, each minute, and when the page is looked at again. */
export class ServerClock {
  #samples: readonly TimeSample[] = [];
  #measuring = false;

  constructor() {
    void this.#measure();
    setInterval(() => void this.#measure(), MEASURE_EVERY_MS);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') {
        // The device may have slept, and the monotonic clock with it.
        this.#samples = [];
        void this.#measure();
      }
    });
  }

  /** Ms since the epoch by the server's clock; null while it is not known. */
  now(): number | null {
    const offset = offsetOf(this.#samples);
    return offset === null ? null : performance.now() + offset;
  }

  /** Measures if that has not succeeded yet: the server may have been away. */
  ensure(): void {
    if (this.#samples.length === 0) {
      void this.#measure();
    }
  }

  async #measure(): Promise<void> {
    if (this.#measuring) {
      return;
    }
    this.#measuring = true;
    try {
      for (let i = 0; i < SAMPLES_AT_ONCE; i++) {
        const sentAt = performance.now();
        const serverAt = await fetchTime();
        const sample = { sentAt, receivedAt: performance.now(), serverAt };
        this.#samples = withSample(this.#samples, sample);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_SAMPLES_MS));
      }
    } catch (error) {
      console.warn('could not read the server time', error);
    } finally {
      this.#measuring = false;
    }
  }
}
