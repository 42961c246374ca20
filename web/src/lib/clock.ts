// The server's clock, measured against this page's monotonic clock. The device's own time of day is
// never used: it may be hours wrong, and may be set while a question runs.

/** One question for the time and its answer; sent and received by the monotonic clock, in ms. */
export interface TimeSample {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly serverAt: number;
}

/** Older samples are dropped: clocks drift apart by some ms a minute. */
const SAMPLE_AGE_MS_MAX = 5 * 60_000;

/** What two clocks may drift apart while samples are kept, ms. */
const DRIFT_MS_MAX = 100;

/**
 * The samples with a new one. One that contradicts older ones shows that a clock was set or stood still
 * since, as a device's may in its sleep: then the older ones say nothing any more.
 */
export function withSample(
  samples: readonly TimeSample[],
  sample: TimeSample,
): readonly TimeSample[] {
  const oldest = sample.receivedAt - SAMPLE_AGE_MS_MAX;
  return [
    ...samples.filter((each) => each.receivedAt >= oldest && !contradict(each, sample)),
    sample,
  ];
}

/**
 * Server time less monotonic time; null without samples.
 *
 * The server read its clock somewhere between sending and receiving, so the midpoint is wrong by half
 * the round trip at most: the sample with the shortest one is the best.
 */
export function offsetOf(samples: readonly TimeSample[]): number | null {
  const best = samples.reduce<TimeSample | null>(
    (least, each) => (least === null || roundTrip(each) < roundTrip(least) ? each : least),
    null,
  );
  return best === null ? null : offset(best);
}

/** Each offset is wrong by half its round trip at most. */
function contradict(a: TimeSample, b: TimeSample): boolean {
  const apart = Math.abs(offset(a) - offset(b));
  return apart > (roundTrip(a) + roundTrip(b)) / 2 + DRIFT_MS_MAX;
}

function offset(sample: TimeSample): number {
  return sample.serverAt - (sample.sentAt + sample.receivedAt) / 2;
}

function roundTrip(sample: TimeSample): number {
  return sample.receivedAt - sample.sentAt;
}
