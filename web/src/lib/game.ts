// What a player knows of the questions of one match, rebuilt from events in whatever order they come.
//
// Questions, receipts and scores travel on different channels, so any of them may be first, and after
// a reload the old ones come again. Every event names its question; nothing here asks what is on the
// screen to find out whom it concerns.

import type { Question, Receipt, Result, Score } from '../api/messages';

/** An answer that the player tapped, and how far it came. */
export interface Tap {
  readonly option: string;
  readonly delivery: 'sending' | 'delivered' | 'failed' | 'refused';
}

/** How a question was settled by one of its versions; a null answer means void. */
export interface Settlement {
  readonly version: number;
  readonly answer: string | null;
}

/** One question, with what the player did about it and what became of that. */
export interface Round {
  readonly id: string;
  /** Null while only results are known: the channel holds the newest question alone. */
  readonly question: Question | null;
  readonly tap: Tap | null;
  /** The newest receipt: a later one replaces what an earlier one said. */
  readonly receipt: Receipt | null;
  /** The score of the newest version. */
  readonly score: Score | null;
  /** Rising by version; more than one after a correction. */
  readonly settlements: readonly Settlement[];
}

/** News about a question that is not on the screen (any more). */
export interface Notice {
  readonly id: string;
  readonly question: string;
  readonly kind: 'result' | 'corrected' | 'void';
  readonly prompt: string | null;
  /** The right option as players read it; null when void. */
  readonly answer: string | null;
  /** What it was before, where it was corrected and that is known. */
  readonly from: string | null;
  /** Null where the player has no counted answer. */
  readonly delta: number | null;
}

export interface Game {
  readonly rounds: ReadonlyMap<string, Round>;
  /** The question on the screen: the one that opened last. */
  readonly current: string | null;
  /** The player's points in this match; null before the first score. */
  readonly total: number | null;
  readonly notices: readonly Notice[];
}

export type GameEvent =
  | { readonly kind: 'question'; readonly question: Question }
  | { readonly kind: 'result'; readonly result: Result; readonly fresh: boolean }
  | { readonly kind: 'tapped'; readonly question: string; readonly option: string }
  | {
      readonly kind: 'delivery';
      readonly question: string;
      readonly option: string;
      readonly delivery: 'delivered' | 'failed' | 'refused';
    }
  | { readonly kind: 'dismissed'; readonly notice: string };

export const NEW_GAME: Game = { rounds: new Map(), current: null, total: null, notices: [] };

/** Rounds kept; an older one is forgotten, and a correction of it shows without its prompt. */
const ROUNDS_MAX = 100;

/** Notices shown at once; the oldest gives way. */
const NOTICES_MAX = 3;

export function reduce(game: Game, event: GameEvent): Game {
  switch (event.kind) {
    case 'question':
      return withQuestion(game, event.question);
    case 'result':
      return event.result.kind === 'receipt'
        ? withReceipt(game, event.result)
        : withScore(game, event.result, event.fresh);
    case 'tapped':
      return withTap(game, event.question, event.option);
    case 'delivery':
      return withDelivery(game, event.question, event.option, event.delivery);
    case 'dismissed':
      return { ...game, notices: game.notices.filter((notice) => notice.id !== event.notice) };
  }
}

export function roundOf(game: Game, question: string | null): Round | null {
  return question === null ? null : (game.rounds.get(question) ?? null);
}

/** Whether an answer of the player counts for this question, as far as is known. */
export function counts(round: Round): boolean {
  return (
    round.score !== null ||
    (round.receipt !== null &&
      (round.receipt.option !== null ||
        round.receipt.status === 'accepted' ||
        round.receipt.status === 'duplicate'))
  );
}

/** Whether the player may answer anew although an answer counts already. */
export function mayChange(round: Round): boolean {
  return round.question?.terms.answers === 'last';
}

/** The answer that is to replace the one that counts; null where there is none on its way. */
export function changing(round: Round): Tap | null {
  const { tap, receipt } = round;
  return mayChange(round) && counts(round) && tap !== null && tap.option !== receipt?.option
    ? tap
    : null;
}

/** The option that counts, or else the one that was tapped; null where neither is known. */
export function ownOption(round: Round): string | null {
  if (round.receipt !== null && round.receipt.option !== null) {
    return round.receipt.option;
  }
  if (round.receipt?.status === 'duplicate') {
    return null; // An earlier answer counts, and which one was not said.
  }
  if (round.tap !== null) {
    return round.tap.option;
  }
  return round.score !== null && round.score.correct ? round.score.answer : null;
}

/** The option's text for players; its id where the question is not known. */
export function labelOf(question: Question | null, option: string): string {
  return question?.options.find((each) => each.id === option)?.label ?? option;
}

function withQuestion(game: Game, question: Question): Game {
  const before = roundOf(game, question.id);
  if (before?.question && before.question.version >= question.version) {
    return game;
  }
  const round = settled({ ...(before ?? newRound(question.id)), question }, question);
  const current = opensLast(game, question) ? question.id : game.current;
  const after = { ...game, current, rounds: withRound(game.rounds, round, current) };
  if (current === question.id) {
    return { ...after, notices: game.notices.filter((notice) => notice.question !== question.id) };
  }
  // A player with an answer hears of it with the score, which knows the points.
  const isNews = question.state === 'corrected' || question.state === 'void';
  return isNews && !counts(round)
    ? withNotice(after, noticeOf(after, round, question.version, null))
    : after;
}

function withReceipt(game: Game, receipt: Receipt): Game {
  const before = roundOf(game, receipt.question) ?? newRound(receipt.question);
  // A receipt ends a change of mind: it says which option counts now. (Of two in quick succession the
  // second receipt follows.)
  const tap = changing(before) === null ? before.tap : null;
  return { ...game, rounds: withRound(game.rounds, { ...before, receipt, tap }, game.current) };
}

function withScore(game: Game, score: Score, fresh: boolean): Game {
  const before = roundOf(game, score.question) ?? newRound(score.question);
  if (before.score !== null && before.score.entry >= score.entry) {
    return game;
  }
  // The same version once more: another question's change made the streak bonus another.
  const isBonusAlone = before.score !== null && before.score.version === score.version;
  const settlement = { version: score.version, answer: score.answer };
  const round = {
    ...before,
    score,
    settlements: withSettlement(before.settlements, settlement),
  };
  const after = {
    ...game,
    total: score.total,
    rounds: withRound(game.rounds, round, game.current),
  };
  return fresh && !isBonusAlone && score.question !== game.current
    ? withNotice(after, noticeOf(after, round, score.version, score.delta))
    : after;
}

function withTap(game: Game, question: string, option: string): Game {
  const before = roundOf(game, question);
  if (before === null || (counts(before) && !mayChange(before))) {
    return game;
  }
  // What an earlier try came to is of no interest any more; what counts is, until another one does.
  const receipt = counts(before) ? before.receipt : null;
  const round: Round = { ...before, tap: { option, delivery: 'sending' }, receipt };
  return { ...game, rounds: withRound(game.rounds, round, game.current) };
}

function withDelivery(
  game: Game,
  question: string,
  option: string,
  delivery: 'delivered' | 'failed' | 'refused',
): Game {
  const before = roundOf(game, question);
  if (before?.tap?.option !== option) {
    return game;
  }
  const round: Round = { ...before, tap: { option, delivery } };
  return { ...game, rounds: withRound(game.rounds, round, game.current) };
}

function newRound(id: string): Round {
  return { id, question: null, tap: null, receipt: null, score: null, settlements: [] };
}

function opensLast(game: Game, question: Question): boolean {
  const current = roundOf(game, game.current)?.question;
  return !current || current.id === question.id || question.opensAt >= current.opensAt;
}

function settled(round: Round, question: Question): Round {
  const settlement: Settlement | null =
    question.state === 'void'
      ? { version: question.version, answer: null }
      : question.answer !== null
        ? { version: question.version, answer: question.answer }
        : null;
  return settlement === null
    ? round
    : { ...round, settlements: withSettlement(round.settlements, settlement) };
}

function withSettlement(
  settlements: readonly Settlement[],
  settlement: Settlement,
): readonly Settlement[] {
  return [...settlements.filter((each) => each.version !== settlement.version), settlement].sort(
    (a, b) => a.version - b.version,
  );
}

function withRound(
  rounds: ReadonlyMap<string, Round>,
  round: Round,
  current: string | null,
): ReadonlyMap<string, Round> {
  const after = new Map(rounds).set(round.id, round);
  for (const id of after.keys()) {
    if (after.size <= ROUNDS_MAX) {
      break;
    }
    if (id !== current && id !== round.id) {
      after.delete(id);
    }
  }
  return after;
}

function noticeOf(game: Game, round: Round, version: number, delta: number | null): Notice {
  const settlement = round.settlements.find((each) => each.version === version);
  const answer = settlement?.answer ?? null;
  const before = round.settlements.findLast(
    (each) => each.version < version && each.answer !== null && each.answer !== answer,
  );
  const isCorrection =
    round.question?.state === 'corrected' ||
    round.settlements.some((each) => each.version < version && each.answer !== answer);
  // After a reload an older question is not known; the one on the screen mostly has the same options.
  const like = round.question ?? roundOf(game, game.current)?.question ?? null;
  return {
    id: `${round.id}@${version}`,
    question: round.id,
    kind: answer === null ? 'void' : isCorrection ? 'corrected' : 'result',
    prompt: round.question?.prompt ?? null,
    answer: answer === null ? null : labelOf(like, answer),
    from: before === undefined || before.answer === null ? null : labelOf(like, before.answer),
    delta,
  };
}

function withNotice(game: Game, notice: Notice): Game {
  const others = game.notices.filter((each) => each.question !== notice.question);
  return { ...game, notices: [...others, notice].slice(-NOTICES_MAX) };
}
