// What the question card shows, from what is known and the server's time.

import type { Question, ReceiptStatus } from '../api/messages';
import { type Countdown, countdownOf } from './countdown';
import { type Game, type Round, changing, counts, mayChange, ownOption, roundOf } from './game';
import { NO_PICTURE, type Picture, timingOf } from './timing';

interface Shown {
  readonly question: Question;
  /** The player's own option, counted or only tapped; null where there is none. */
  readonly picked: string | null;
}

/** The countdown is null while the server's time is not known yet. */
interface Running extends Shown {
  readonly countdown: Countdown | null;
}

/** Points are null until the player's score of this very version has come. */
interface Settled extends Shown {
  readonly answer: string;
  readonly points: number | null;
  /** The part of the points that a streak earned; null where the question pays none. */
  readonly bonus: number | null;
}

export type View =
  /** No question yet. */
  | { readonly state: 'waiting' }
  /** Announced, but opens in a moment; `cued`: when the viewer's picture has come that far. */
  | (Shown & { readonly state: 'upcoming'; readonly cued: boolean })
  /** Takes an answer. */
  | (Running & { readonly state: 'open' })
  /** Tapped; no receipt yet. May outlast the lock. */
  | (Running & { readonly state: 'sending' })
  /** Tapped, but it did not reach the server; takes another try. */
  | (Running & { readonly state: 'unsent'; readonly refused: boolean })
  /** Counts; the window is still open. `changeable`: another answer may take its place. */
  | (Running & { readonly state: 'accepted'; readonly changeable: boolean })
  /** Reached the server after the lock. */
  | (Shown & { readonly state: 'late' })
  /** The server does not count it; `open` tells whether another try may. */
  | (Running & {
      readonly state: 'rejected';
      readonly reason: ReceiptStatus;
      readonly open: boolean;
    })
  /** Closed, without an own answer. */
  | (Shown & { readonly state: 'locked' })
  /** Closed, with an own answer that counts. */
  | (Shown & { readonly state: 'locked-in' })
  | (Settled & { readonly state: 'right' })
  | (Settled & { readonly state: 'wrong' })
  /** Settled, without an own answer that counts; `receipt` says why, where there was one. */
  | (Shown & {
      readonly state: 'settled';
      readonly answer: string;
      readonly receipt: ReceiptStatus | null;
    })
  /** Settled again with another answer. `correct` is null without an own counted answer. */
  | (Settled & {
      readonly state: 'corrected';
      readonly from: string | null;
      readonly correct: boolean | null;
      readonly delta: number | null;
    })
  /** Taken back. */
  | (Shown & { readonly state: 'void'; readonly delta: number | null });

export type ViewState = View['state'];

/** `now` is the server's time, null while it is not known. */
export function viewOf(game: Game, now: number | null, picture: Picture = NO_PICTURE): View {
  const round = roundOf(game, game.current);
  if (round === null || round.question === null) {
    return { state: 'waiting' };
  }
  return settledView(round, round.question) ?? runningView(round, round.question, now, picture);
}

export function canAnswer(view: View): boolean {
  switch (view.state) {
    case 'open':
    case 'unsent':
      return true;
    case 'rejected':
      return view.open;
    case 'accepted':
      return view.changeable;
    case 'waiting':
    case 'upcoming':
    case 'sending':
    case 'late':
    case 'locked':
    case 'locked-in':
    case 'right':
    case 'wrong':
    case 'settled':
    case 'corrected':
    case 'void':
      return false;
  }
}

/** The answer to send again by itself once the connection is back; null where there is none. */
export function unsentAnswer(view: View): { question: Question; option: string } | null {
  return view.state === 'unsent' && !view.refused && view.picked !== null
    ? { question: view.question, option: view.picked }
    : null;
}

function settledView(round: Round, question: Question): View | null {
  const newest = round.settlements.at(-1);
  if (newest === undefined) {
    return null;
  }
  const picked = ownOption(round);
  const score = round.score?.version === newest.version ? round.score : null;
  if (newest.answer === null) {
    return { state: 'void', question, picked, delta: score?.delta ?? null };
  }
  const answer = newest.answer;
  const counted = counts(round);
  const correct = counted ? (score?.correct ?? picked === answer) : null;
  const from = round.settlements.findLast((each) => each.answer !== answer)?.answer ?? null;
  if (from !== null || question.state === 'corrected') {
    const points = score?.points ?? null;
    const delta = score?.delta ?? null;
    const bonus = score?.bonus ?? null;
    return { state: 'corrected', question, picked, answer, from, correct, points, bonus, delta };
  }
  if (correct === null) {
    const receipt = round.receipt?.status ?? null;
    return { state: 'settled', question, picked, answer, receipt };
  }
  const points = score?.points ?? null;
  const bonus = score?.bonus ?? null;
  return { state: correct ? 'right' : 'wrong', question, picked, answer, points, bonus };
}

function runningView(
  round: Round,
  question: Question,
  now: number | null,
  picture: Picture,
): View {
  const picked = ownOption(round);
  const timing = timingOf(question, picture);
  const countdown = now === null ? null : countdownOf(question, timing, now);
  const open = countdown !== null || (now === null && question.state === 'open');
  const change = open ? changing(round) : null;
  if (change !== null) {
    const { option, delivery } = change;
    return delivery === 'sending' || delivery === 'delivered'
      ? { state: 'sending', question, picked: option, countdown }
      : { state: 'unsent', question, picked: option, countdown, refused: delivery === 'refused' };
  }
  if (counts(round)) {
    return open
      ? { state: 'accepted', question, picked, countdown, changeable: mayChange(round) }
      : { state: 'locked-in', question, picked };
  }
  if (round.receipt !== null) {
    const reason = round.receipt.status;
    return reason === 'late'
      ? { state: 'late', question, picked }
      : { state: 'rejected', question, picked, countdown, reason, open };
  }
  if (round.tap?.delivery === 'sending' || round.tap?.delivery === 'delivered') {
    return { state: 'sending', question, picked, countdown };
  }
  if (!open) {
    const upcoming = question.state === 'open' && now !== null && now < timing.opensAt;
    return upcoming
      ? { state: 'upcoming', question, picked, cued: timing.opensAt > question.opensAt }
      : { state: 'locked', question, picked };
  }
  return round.tap === null
    ? { state: 'open', question, picked, countdown }
    : { state: 'unsent', question, picked, countdown, refused: round.tap.delivery === 'refused' };
}
