// What a host may do with a question, and how the host page says it.

import type { AnswerTimes, HostQuestion, HostState } from '../api/host';
import type { Votes } from '../api/messages';

/** What a host may say of a question in this state. */
export function actionsOf(state: HostState): {
  readonly lock: boolean;
  /** What choosing an option says; null where it says nothing. */
  readonly settle: 'resolve' | 'correct' | null;
  readonly takeBack: boolean;
} {
  return {
    lock: state === 'open',
    settle:
      state === 'open' || state === 'locked'
        ? 'resolve'
        : state === 'resolved' || state === 'corrected'
          ? 'correct'
          : null,
    takeBack: state !== 'void',
  };
}

/** Options as a host types them, one a line. */
export function optionsOf(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is wrong with a question before it is asked, for the host; null if nothing is. */
export function askProblem(prompt: string, options: readonly string[]): string | null {
  if (prompt.trim() === '') {
    return 'Say what you ask.';
  }
  if (options.length < 2 || options.length > 16) {
    return 'A question has 2 to 16 options, one a line.';
  }
  return new Set(options).size < options.length ? 'An option stands twice.' : null;
}

/** An id for a match of this title; never empty, and never a board's name. */
export function matchIdOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `show-${words === '' ? 'live' : words}`;
}

export function votesFor(votes: readonly Votes[], question: HostQuestion): Votes | null {
  return (
    votes.find((each) => each.match === question.match && each.question === question.id) ?? null
  );
}

/** Upper bounds of the buckets of answer times, s; one more bucket has what is slower. */
const BOUNDS_S = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 60];

const CLASS_NAMES: Readonly<Record<string, string>> = {
  none: 'not late',
  'to-5s': 'up to 5 s',
  'to-15s': 'up to 15 s',
  'to-30s': 'up to 30 s',
  'to-60s': 'up to 60 s',
  'over-60s': 'over 60 s',
};

/** How viewers whose picture is about equally late fare. */
export interface ClassRow {
  readonly name: string;
  readonly answers: number;
  readonly late: number;
  /** Half of the answers on time took no longer than this. */
  readonly median: string;
}

export function classRows(times: AnswerTimes | null): readonly ClassRow[] {
  const order = Object.keys(CLASS_NAMES);
  return [...(times?.classes ?? [])]
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
    .map(({ id, late, accepted }) => ({
      name: CLASS_NAMES[id] ?? id,
      answers: accepted.reduce((sum, n) => sum + n, 0),
      late,
      median: medianOf(accepted),
    }));
}

function medianOf(accepted: readonly number[]): string {
  const answers = accepted.reduce((sum, n) => sum + n, 0);
  if (answers === 0) {
    return '–';
  }
  let seen = 0;
  const bucket = accepted.findIndex((n) => (seen += n) * 2 >= answers);
  const bound = BOUNDS_S[bucket];
  return bound === undefined ? 'over 60 s' : `≤ ${bound} s`;
}
