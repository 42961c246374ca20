// The messages of the game, as the `events` module writes them. Times are milliseconds since the
// epoch by the server's clock. Unknown fields are ignored; a missing field that may be missing is null.

import { fields, flag, list, number, oneOf, optional, readText, text } from './json';

export type QuestionState = 'open' | 'locked' | 'resolved' | 'corrected' | 'void';

export interface Option {
  readonly id: string;
  readonly label: string;
}

/** How a question counts beyond its points; a null part means the plain rule. */
export interface Terms {
  readonly season: string | null;
  /** Which of a player's answers counts. */
  readonly answers: 'first' | 'last';
  /** Points fall from the question's to `floor` over `overMs`. */
  readonly speed: { readonly floor: number; readonly overMs: number } | null;
  /** `bonus` more for each right answer in a row before, `max` at most. */
  readonly streak: { readonly bonus: number; readonly max: number } | null;
  /** Viewers whose picture is late have longer by as much, up to `capMs`. */
  readonly delays: { readonly policy: 'lock' | 'later'; readonly capMs: number } | null;
}

export const PLAIN_TERMS: Terms = {
  season: null,
  answers: 'first',
  speed: null,
  streak: null,
  delays: null,
};

export interface Question {
  readonly id: string;
  readonly match: string;
  readonly version: number;
  readonly state: QuestionState;
  readonly prompt: string;
  readonly options: readonly Option[];
  readonly points: number;
  readonly opensAt: number;
  /** Last moment an answer counts; moves only towards the past. */
  readonly locksAt: number;
  readonly rule: string | null;
  /** The right option; known from `resolved` on. */
  readonly answer: string | null;
  /** Last moment for whoever sees the question late; null where nobody has longer. */
  readonly endsAt: number | null;
  /** The media timestamp to show the question at, ms; null for at once. */
  readonly cueAt: number | null;
  readonly terms: Terms;
}

/** How the answers that count are spread over the options; says nothing of which one is right. */
export interface Votes {
  readonly match: string;
  readonly question: string;
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The match's media stream stood at `mediaMs` at its source when the server's clock showed `at`. */
export interface MediaClock {
  readonly match: string;
  readonly mediaMs: number;
  readonly at: number;
}

export interface Figures {
  readonly points: number;
  readonly answered: number;
  readonly correct: number;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly streak: number;
  readonly longestStreak: number;
  /** Mean time from being shown a question to the gateway. */
  readonly answerMs: number;
}

/** The player's own figures, over all matches and for the latest ones. */
export interface PlayerStats {
  readonly overall: Figures;
  readonly matches: readonly { readonly match: string; readonly figures: Figures }[];
}

export type ReceiptStatus = 'accepted' | 'late' | 'duplicate' | 'unknown' | 'closed' | 'invalid';

export interface Receipt {
  readonly kind: 'receipt';
  readonly match: string;
  readonly question: string;
  readonly status: ReceiptStatus;
  /** The option that counts for this player now; null where none does. */
  readonly option: string | null;
}

export interface Score {
  readonly kind: 'score';
  readonly match: string;
  readonly question: string;
  readonly version: number;
  readonly correct: boolean;
  /** The right option; null when the question is void. */
  readonly answer: string | null;
  readonly points: number;
  readonly delta: number;
  readonly total: number;
  /** The part of `points` that a streak earned; null where the question pays none. */
  readonly bonus: number | null;
  /** Rises with each score of the player for the question: another question may change the bonus. */
  readonly entry: number;
}

export type Result = Receipt | Score;

export interface BoardRow {
  readonly rank: number;
  readonly player: string;
  readonly name: string;
  readonly score: number;
  /** Two letters; null where the player told none. */
  readonly country: string | null;
  /** The rank on the whole board, where `rank` is another. */
  readonly boardRank: number | null;
}

export interface Leaderboard {
  readonly board: string;
  readonly asOf: number;
  readonly players: number;
  readonly top: readonly BoardRow[];
}

/** A rank and when it was had, by the server's clock. */
export interface RankAt {
  readonly at: number;
  readonly rank: number;
}

export interface Top {
  readonly board: string;
  /** The rank is null for a player who is not on the board yet. */
  readonly me: { readonly rank: number | null; readonly score: number };
  readonly players: number;
  readonly top: readonly BoardRow[];
  /** What the request called itself; null for one that said only its board. */
  readonly request: string | null;
  /** Position of the first row, from 0; null where that means nothing. */
  readonly offset: number | null;
  /** The own ranks until now, oldest first; null where they were not asked for. */
  readonly history: readonly RankAt[] | null;
  /** Why there is no answer; the rest then says nothing. */
  readonly refused: Refusal | null;
}

export type Refusal = 'invalid' | 'rate' | 'busy' | 'restoring' | 'unknown';

/** Which rows of a board to ask for, or for the own ranks until now. */
export type TopRequest =
  | { readonly board: string }
  | {
      readonly board: string;
      readonly request: string;
      readonly kind: 'top' | 'around' | 'page' | 'friends' | 'league' | 'history';
      readonly k?: number;
      readonly offset?: number;
      readonly size?: number;
      readonly players?: readonly string[];
      readonly league?: string;
    };

export type MatchState = 'scheduled' | 'live' | 'break' | 'finished';

export interface Innings {
  readonly team: string;
  readonly superOver: boolean;
  readonly runs: number;
  readonly wickets: number;
  readonly overs: string;
  readonly target: number | null;
}

export interface Batter {
  readonly name: string;
  readonly runs: number;
  readonly balls: number;
}

export interface Bowler {
  readonly name: string;
  readonly overs: string;
  readonly runs: number;
  readonly wickets: number;
}

export interface Scoreboard {
  readonly match: string;
  readonly title: string;
  readonly teams: readonly string[];
  readonly state: MatchState;
  readonly innings: readonly Innings[];
  readonly batters: readonly Batter[];
  readonly bowler: Bowler | null;
  readonly lastBalls: readonly string[];
  readonly note: string | null;
  readonly asOf: number;
}

export interface Extras {
  readonly wides: number;
  readonly noballs: number;
  readonly byes: number;
  readonly legbyes: number;
  readonly penalty: number;
}

export interface Wicket {
  readonly kind: string;
  readonly player: string;
}

export interface Ball {
  readonly match: string;
  readonly seq: number;
  readonly version: number;
  readonly innings: number;
  readonly over: number;
  readonly ball: number;
  readonly batter: string;
  readonly bowler: string;
  readonly runs: number;
  readonly batterRuns: number;
  readonly extras: Extras;
  readonly wickets: readonly Wicket[];
}

export interface Match {
  readonly id: string;
  readonly title: string;
  readonly state: MatchState;
}

/** Who plays in this browser. */
export interface Identity {
  readonly player: string;
  readonly token: string;
  readonly name: string;
  /** Two letters; null where the player told none. */
  readonly country: string | null;
}

const QUESTION_STATES = ['open', 'locked', 'resolved', 'corrected', 'void'] as const;
const REFUSALS = ['invalid', 'rate', 'busy', 'restoring', 'unknown'] as const;
const MATCH_STATES = ['scheduled', 'live', 'break', 'finished'] as const;
const RECEIPT_STATUSES = [
  'accepted',
  'late',
  'duplicate',
  'unknown',
  'closed',
  'invalid',
] as const;

export function readQuestion(value: unknown): Question {
  const of = fields(value);
  return {
    id: text(of, 'id'),
    match: text(of, 'match'),
    version: number(of, 'version'),
    state: oneOf(of, 'state', QUESTION_STATES),
    prompt: text(of, 'prompt'),
    options: list(of, 'options', (option) => {
      const each = fields(option);
      return { id: text(each, 'id'), label: text(each, 'label') };
    }),
    points: number(of, 'points'),
    opensAt: number(of, 'opensAt'),
    locksAt: number(of, 'locksAt'),
    rule: optional(of, 'rule', text),
    answer: optional(of, 'answer', text),
    endsAt: optional(of, 'endsAt', number),
    cueAt: optional(of, 'cueAt', number),
    terms: optional(of, 'terms', (at, name) => readTerms(at[name])) ?? PLAIN_TERMS,
  };
}

function readTerms(value: unknown): Terms {
  const of = fields(value);
  return {
    season: optional(of, 'season', text),
    answers: optional(of, 'answers', (at, name) => oneOf(at, name, ['first', 'last'] as const)) ?? 'first',
    speed: optional(of, 'speed', (at, name) => {
      const speed = fields(at[name]);
      return { floor: number(speed, 'floor'), overMs: number(speed, 'overMs') };
    }),
    streak: optional(of, 'streak', (at, name) => {
      const streak = fields(at[name]);
      return { bonus: number(streak, 'bonus'), max: number(streak, 'max') };
    }),
    delays: optional(of, 'delays', (at, name) => {
      const delays = fields(at[name]);
      return {
        policy: oneOf(delays, 'policy', ['lock', 'later'] as const),
        capMs: number(delays, 'capMs'),
      };
    }),
  };
}

export function readVotes(value: unknown): Votes {
  const of = fields(value);
  const counts = fields(of['counts']);
  return {
    match: text(of, 'match'),
    question: text(of, 'question'),
    total: number(of, 'total'),
    counts: Object.fromEntries(Object.keys(counts).map((id) => [id, number(counts, id)])),
  };
}

export function readMediaClock(value: unknown): MediaClock {
  const of = fields(value);
  return { match: text(of, 'match'), mediaMs: number(of, 'mediaMs'), at: number(of, 'at') };
}

export function readStats(value: unknown): PlayerStats {
  const of = fields(value);
  return {
    overall: readFigures(of['overall']),
    matches: list(of, 'matches', (match) => {
      const each = fields(match);
      return { match: text(each, 'match'), figures: readFigures(each['figures']) };
    }),
  };
}

function readFigures(value: unknown): Figures {
  const of = fields(value);
  return {
    points: number(of, 'points'),
    answered: number(of, 'answered'),
    correct: number(of, 'correct'),
    accuracy: number(of, 'accuracy'),
    streak: number(of, 'streak'),
    longestStreak: number(of, 'longestStreak'),
    answerMs: number(of, 'answerMs'),
  };
}

export function readResult(value: unknown): Result {
  const of = fields(value);
  const kind = oneOf(of, 'kind', ['receipt', 'score'] as const);
  if (kind === 'receipt') {
    return {
      kind,
      match: text(of, 'match'),
      question: text(of, 'question'),
      status: oneOf(of, 'status', RECEIPT_STATUSES),
      option: optional(of, 'option', text),
    };
  }
  return {
    kind,
    match: text(of, 'match'),
    question: text(of, 'question'),
    version: number(of, 'version'),
    correct: flag(of, 'correct'),
    answer: optional(of, 'answer', text),
    points: number(of, 'points'),
    delta: number(of, 'delta'),
    total: number(of, 'total'),
    bonus: optional(of, 'bonus', number),
    entry: optional(of, 'entry', number) ?? number(of, 'version'),
  };
}

export function readLeaderboard(value: unknown): Leaderboard {
  const of = fields(value);
  return {
    board: text(of, 'board'),
    asOf: number(of, 'asOf'),
    players: number(of, 'players'),
    top: list(of, 'top', readBoardRow),
  };
}

function readRankAt(value: unknown): RankAt {
  const of = fields(value);
  return { at: number(of, 'at'), rank: number(of, 'rank') };
}

export function readTop(value: unknown): Top {
  const of = fields(value);
  const me = fields(of['me']);
  return {
    board: text(of, 'board'),
    me: { rank: optional(me, 'rank', number), score: number(me, 'score') },
    players: number(of, 'players'),
    top: list(of, 'top', readBoardRow),
    request: optional(of, 'request', text),
    offset: optional(of, 'offset', number),
    history: optional(of, 'history', (at, name) => list(at, name, readRankAt)),
    refused: optional(of, 'refused', (at, name) => oneOf(fields(at[name]), 'code', REFUSALS)),
  };
}

export function readScoreboard(value: unknown): Scoreboard {
  const of = fields(value);
  return {
    match: text(of, 'match'),
    title: text(of, 'title'),
    teams: list(of, 'teams', readText),
    state: oneOf(of, 'state', MATCH_STATES),
    innings: list(of, 'innings', (innings) => {
      const each = fields(innings);
      return {
        team: text(each, 'team'),
        superOver: flag(each, 'superOver'),
        runs: number(each, 'runs'),
        wickets: number(each, 'wickets'),
        overs: text(each, 'overs'),
        target: optional(each, 'target', number),
      };
    }),
    batters: list(of, 'batters', (batter) => {
      const each = fields(batter);
      return {
        name: text(each, 'name'),
        runs: number(each, 'runs'),
        balls: number(each, 'balls'),
      };
    }),
    bowler: optional(of, 'bowler', (at, name) => {
      const bowler = fields(at[name]);
      return {
        name: text(bowler, 'name'),
        overs: text(bowler, 'overs'),
        runs: number(bowler, 'runs'),
        wickets: number(bowler, 'wickets'),
      };
    }),
    lastBalls: list(of, 'lastBalls', readText),
    note: optional(of, 'note', text),
    asOf: number(of, 'asOf'),
  };
}

export function readBall(value: unknown): Ball {
  const of = fields(value);
  const extras = fields(of['extras']);
  return {
    match: text(of, 'match'),
    seq: number(of, 'seq'),
    version: number(of, 'version'),
    innings: number(of, 'innings'),
    over: number(of, 'over'),
    ball: number(of, 'ball'),
    batter: text(of, 'batter'),
    bowler: text(of, 'bowler'),
    runs: number(of, 'runs'),
    batterRuns: number(of, 'batterRuns'),
    extras: {
      wides: number(extras, 'wides'),
      noballs: number(extras, 'noballs'),
      byes: number(extras, 'byes'),
      legbyes: number(extras, 'legbyes'),
      penalty: number(extras, 'penalty'),
    },
    wickets: list(of, 'wickets', (wicket) => {
      const each = fields(wicket);
      return { kind: text(each, 'kind'), player: text(each, 'player') };
    }),
  };
}

export function readMatches(value: unknown): Match[] {
  return list({ matches: value }, 'matches', (match) => {
    const each = fields(match);
    return {
      id: text(each, 'id'),
      title: text(each, 'title'),
      state: oneOf(each, 'state', MATCH_STATES),
    };
  });
}

export function readIdentity(value: unknown): Identity {
  const of = fields(value);
  return {
    player: text(of, 'player'),
    token: text(of, 'token'),
    name: text(of, 'name'),
    country: optional(of, 'country', text),
  };
}

function readBoardRow(value: unknown): BoardRow {
  const of = fields(value);
  return {
    rank: number(of, 'rank'),
    player: text(of, 'player'),
    name: text(of, 'name'),
    score: number(of, 'score'),
    country: optional(of, 'country', text),
    boardRank: optional(of, 'boardRank', number),
  };
}
