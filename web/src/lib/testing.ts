// Events for the tests: questions q1, q2, … of ten seconds each, a minute apart.

import { PLAIN_TERMS, type Question, type ReceiptStatus, type Score } from '../api/messages';
import type { GameEvent } from './game';

export const OPENS_AT = 1_750_000_000_000;
export const LOCKS_AT = OPENS_AT + 10_000;

const MINUTE = 60_000;

export function question(id: string, change: Partial<Question>): Question {
  const shift = (Number.parseInt(id.slice(1), 10) - 1) * MINUTE;
  return {
    id,
    match: 'm1',
    version: 1,
    state: 'open',
    prompt: `Ball ${id}: what will it bring?`,
    options: [
      { id: 'four', label: 'Four' },
      { id: 'six', label: 'Six' },
      { id: 'out', label: 'Out' },
    ],
    points: 10,
    opensAt: OPENS_AT + shift,
    locksAt: LOCKS_AT + shift,
    rule: null,
    answer: null,
    endsAt: null,
    cueAt: null,
    terms: PLAIN_TERMS,
    ...change,
  };
}

export function open(id: string, change: Partial<Question> = {}): GameEvent {
  return { kind: 'question', question: question(id, change) };
}

export function locked(id: string, change: Partial<Question> = {}): GameEvent {
  return open(id, { version: 2, state: 'locked', ...change });
}

export function resolved(id: string, answer: string): GameEvent {
  return open(id, { version: 3, state: 'resolved', answer });
}

export function corrected(id: string, answer: string, version = 4): GameEvent {
  return open(id, { version, state: 'corrected', answer });
}

export function voided(id: string, version = 4): GameEvent {
  return open(id, { version, state: 'void' });
}

export function tapped(id: string, option: string): GameEvent {
  return { kind: 'tapped', question: id, option };
}

export function delivery(
  id: string,
  option: string,
  came: 'delivered' | 'failed' | 'refused',
): GameEvent {
  return { kind: 'delivery', question: id, option, delivery: came };
}

export function receipt(
  id: string,
  status: ReceiptStatus,
  option: string | null = null,
): GameEvent {
  const result = { kind: 'receipt', match: 'm1', question: id, status, option } as const;
  return { kind: 'result', result, fresh: true };
}

export function score(
  id: string,
  version: number,
  change: Partial<Score>,
  fresh = true,
): GameEvent {
  const result: Score = {
    kind: 'score',
    match: 'm1',
    question: id,
    version,
    correct: false,
    answer: 'out',
    points: 0,
    delta: 0,
    total: 0,
    bonus: null,
    entry: version,
    ...change,
  };
  return { kind: 'result', result, fresh };
}
