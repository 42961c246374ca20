// When a viewer is shown a question and may answer it, by the server's clock. The picture of a match
// reaches each viewer at another time; a question may say so in its cue and its terms.

import type { MediaClock, Question } from '../api/messages';

/** Longest delay that a viewer may tell, ms; as the server has it. */
export const DELAY_MS_MAX = 120_000;

/** What is known of the viewer's picture. */
export interface Picture {
  /** How late it is, as the viewer says; 0 where there is none. */
  readonly delayMs: number;
  /** Where the match's stream stands at its source; null where there is no stream. */
  readonly media: MediaClock | null;
}

export const NO_PICTURE: Picture = { delayMs: 0, media: null };

/** The viewer's window, both moments included. */
export interface Timing {
  readonly opensAt: number;
  readonly endsAt: number;
}

/**
 * The window of a viewer with this picture.
 *
 * A question with a cue is shown when the picture reaches it, but never later than is made up for at
 * the end: who waited longer would only lose time.
 */
export function timingOf(question: Question, picture: Picture): Timing {
  const believed = Math.min(picture.delayMs, question.terms.delays?.capMs ?? 0);
  const endsAt = Math.min(question.locksAt + believed, question.endsAt ?? question.locksAt);
  if (question.cueAt === null || picture.media === null) {
    return { opensAt: question.opensAt, endsAt };
  }
  const { media, delayMs } = picture;
  const reachesCueAt = media.at + (question.cueAt - media.mediaMs) + delayMs;
  const opensAt = Math.max(question.opensAt, Math.min(reachesCueAt, question.opensAt + believed));
  return { opensAt, endsAt };
}
