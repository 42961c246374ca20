import { describe, expect, test } from 'vitest';
import { Mismatch } from './json';
import {
  PLAIN_TERMS,
  readBall,
  readMatches,
  readQuestion,
  readResult,
  readScoreboard,
  readTop,
  readVotes,
} from './messages';

const QUESTION = {
  id: 'q1',
  match: 'm1',
  version: 1,
  state: 'open',
  prompt: 'What will the next ball bring?',
  options: [
    { id: 'four', label: 'Four' },
    { id: 'six', label: 'Six' },
  ],
  points: 10,
  opensAt: 1,
  locksAt: 2,
};

test('a question may come without rule and answer', () => {
  expect(readQuestion(QUESTION)).toEqual({
    ...QUESTION,
    rule: null,
    answer: null,
    endsAt: null,
    cueAt: null,
    terms: PLAIN_TERMS,
  });
});

test('a question may say how it counts, each part or none', () => {
  const terms = {
    season: 'demo',
    answers: 'last',
    speed: { floor: 2, overMs: 10_000 },
    streak: { bonus: 2, max: 10 },
    delays: { policy: 'lock', capMs: 15_000 },
  };
  expect(readQuestion({ ...QUESTION, endsAt: 17_002, cueAt: 61_000, terms })).toMatchObject({
    endsAt: 17_002,
    cueAt: 61_000,
    terms,
  });
  expect(readQuestion({ ...QUESTION, terms: { season: 'demo' } }).terms).toEqual({
    ...PLAIN_TERMS,
    season: 'demo',
  });
});

test('votes leave out an option that nobody named', () => {
  const votes = { match: 'm1', question: 'q1', total: 4, counts: { four: 4 } };
  expect(readVotes({ ...votes, asOf: 1 })).toEqual(votes);
  expect(() => readVotes({ ...votes, counts: { four: 'many' } })).toThrow(Mismatch);
});

test('an answer about a board may refuse, and repeats what the request called itself', () => {
  const top = { board: 'all', me: { rank: null, score: 0 }, players: 0, top: [] };
  expect(readTop(top)).toMatchObject({ request: null, refused: null });
  const refused = { code: 'rate', sentence: 'Slowly.', retryAfterMs: 1000 };
  expect(readTop({ ...top, request: 'list-1', kind: 'page', refused })).toMatchObject({
    request: 'list-1',
    refused: 'rate',
  });
});

test('an answer tells the own ranks where they were asked for', () => {
  const top = { board: 'm1', me: { rank: 2, score: 10 }, players: 3, top: [] };
  const history = [{ at: 1000, rank: 2 }];
  expect(readTop(top).history).toBeNull();
  expect(readTop({ ...top, kind: 'history', history }).history).toEqual(history);
  const more = [{ at: 1000, rank: 2, score: 10, players: 3 }];
  expect(readTop({ ...top, kind: 'history', history: more }).history).toEqual(history);
  expect(() => readTop({ ...top, history: [{ at: 1000 }] })).toThrow(Mismatch);
});

test('unknown fields are ignored, so that versions may meet', () => {
  expect(readQuestion({ ...QUESTION, mood: 'tense' })).not.toHaveProperty('mood');
});

test('a receipt may name no option', () => {
  expect(
    readResult({ kind: 'receipt', match: 'm1', question: 'q1', status: 'late' }),
  ).toEqual({ kind: 'receipt', match: 'm1', question: 'q1', status: 'late', option: null });
});

test('the score of a void question has no answer', () => {
  const score = {
    kind: 'score',
    match: 'm1',
    question: 'q1',
    version: 4,
    correct: false,
    answer: null,
    points: 0,
    delta: -10,
    total: 20,
  };
  expect(readResult(score)).toEqual({ ...score, bonus: null, entry: 4 });
  expect(readResult({ ...score, bonus: 4, entry: 6 })).toEqual({ ...score, bonus: 4, entry: 6 });
});

test('a player who is not on the board has no rank', () => {
  expect(
    readTop({ board: 'm1', me: { rank: null, score: 0 }, players: 0, top: [] }).me.rank,
  ).toBeNull();
});

test('a scoreboard between innings has neither batters nor bowler', () => {
  const scoreboard = readScoreboard({
    match: 'm1',
    title: 'Reds v Blues',
    teams: ['Reds', 'Blues'],
    state: 'break',
    innings: [{ team: 'Reds', superOver: false, runs: 180, wickets: 5, overs: '20' }],
    batters: [],
    lastBalls: ['•', '4'],
    asOf: 1,
  });
  expect(scoreboard.bowler).toBeNull();
  expect(scoreboard.note).toBeNull();
  expect(scoreboard.innings[0]?.target).toBeNull();
});

test('a ball is read with its extras and wickets', () => {
  const ball = readBall({
    match: 'm1',
    seq: 7,
    version: 1,
    innings: 1,
    superOver: false,
    over: 1,
    ball: 1,
    batter: 'Rao',
    bowler: 'Cole',
    runs: 1,
    batterRuns: 0,
    extras: { wides: 1, noballs: 0, byes: 0, legbyes: 0, penalty: 0 },
    wickets: [{ kind: 'run out', player: 'Iyer' }],
    outcome: 'wicket',
    at: 1,
  });
  expect(ball.extras.wides).toBe(1);
  expect(ball.wickets).toEqual([{ kind: 'run out', player: 'Iyer' }]);
});

describe('what does not fit', () => {
  test.each<[string, unknown]>([
    ['no object', 'question'],
    ['null', null],
    ['a list', [QUESTION]],
    ['an unknown state', { ...QUESTION, state: 'closed' }],
    ['a number as text', { ...QUESTION, points: '10' }],
    ['a missing field', { ...QUESTION, prompt: undefined }],
    ['an option without a label', { ...QUESTION, options: [{ id: 'four' }] }],
  ])('is a mismatch: %s', (_, value) => {
    expect(() => readQuestion(value)).toThrow(Mismatch);
  });

  test('is a mismatch: matches that are no list', () => {
    expect(() => readMatches({ matches: [] })).toThrow(Mismatch);
  });
});
