// The messages of the game, as the `events` module writes them. Times are milliseconds since the
// epoch by the server's clock. Unknown fields are ignored; a missing field that may be missing is null.

import { fields, flag, list, number, oneOf, optional, readText, text } from './json';

export type QuestionState = 'open' | 'locked' | 'resolved' | 'corrected' | 'void';

export interface Option {
  readonly id: string;
  readonly label: string;
}

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
}

export type Result = Receipt | Score;

export interface BoardRow {
  readonly rank: number;
  readonly player: string;
  readonly name: string;
  readonly score: number;
}

export interface Leaderboard {
  readonly board: string;
  readonly asOf: number;
  readonly players: number;
  readonly top: readonly BoardRow[];
}

export interface Top {
  readonly board: string;
  /** The rank is null for a player who is not on the board yet. */
  readonly me: { readonly rank: number | null; readonly score: number };
  readonly players: number;
  readonly top: readonly BoardRow[];
}

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
}

const QUESTION_STATES = ['open', 'locked', 'resolved', 'corrected', 'void'] as const;
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

export function readTop(value: unknown): Top {
  const of = fields(value);
  const me = fields(of['me']);
  return {
    board: text(of, 'board'),
    me: { rank: optional(me, 'rank', number), score: number(me, 'score') },
    players: number(of, 'players'),
    top: list(of, 'top', readBoardRow),
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
  return { player: text(of, 'player'), token: text(of, 'token'), name: text(of, 'name') };
}

function readBoardRow(value: unknown): BoardRow {
  const of = fields(value);
  return {
    rank: number(of, 'rank'),
    player: text(of, 'player'),
    name: text(of, 'name'),
    score: number(of, 'score'),
  };
}
