// What a host does, over plain HTTP with the operator token.

import { bearer } from './demo';
import { fields, list, number, optional, readOrNull, text, type Reader } from './json';
import { type Option, type Terms, type Votes, readVotes } from './messages';

export type HostState = 'draft' | 'scheduled' | 'open' | 'locked' | 'resolved' | 'corrected' | 'void';

/** A question as a host sees it, drafts included. */
export interface HostQuestion {
  readonly id: string;
  readonly match: string;
  readonly version: number;
  readonly state: HostState;
  readonly prompt: string;
  readonly options: readonly Option[];
  readonly points: number;
  readonly opensAt: number;
  readonly locksAt: number;
  readonly answer: string | null;
}

/** What became of the answers of viewers whose picture is about equally late. */
export interface DelayClass {
  readonly id: string;
  readonly late: number;
  /** Answers on time, by how long they took; one number for each bucket. */
  readonly accepted: readonly number[];
}

export interface AnswerTimes {
  readonly match: string;
  readonly classes: readonly DelayClass[];
}

export interface AskedQuestion {
  readonly match: string;
  readonly prompt: string;
  readonly options: readonly string[];
  readonly points: number;
  readonly windowMs: number;
  /** How long from now it opens, where it is scheduled. */
  readonly opensInMs?: number;
  readonly opens?: 'scheduled' | 'draft';
  readonly terms?: Partial<Terms>;
}

/** The host's token is wrong. */
export class NotAHost extends Error {}

/** The server says why it does not follow; the message is for the host. */
export class HostRefused extends Error {}

const STATES: readonly HostState[] = [
  'draft',
  'scheduled',
  'open',
  'locked',
  'resolved',
  'corrected',
  'void',
];

export class HostClient {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async questions(): Promise<HostQuestion[]> {
    return this.#call('/host/questions', readQuestions);
  }

  async answers(): Promise<{ votes: Votes[]; times: AnswerTimes[] }> {
    return this.#call('/host/answers', readAnswers);
  }

  async openMatch(match: string, title: string): Promise<void> {
    await this.#say('/host/match', { match, title });
  }

  async ask(question: AskedQuestion): Promise<void> {
    await this.#say('/host/ask', question);
  }

  /** Locks a question, or takes it back. */
  async end(what: 'lock' | 'void', question: HostQuestion): Promise<void> {
    await this.#say(`/host/${what}`, { match: question.match, question: question.id });
  }

  /** Says the right option: for the first time, or another one than before. */
  async settle(what: 'resolve' | 'correct', question: HostQuestion, answer: string): Promise<void> {
    await this.#say(`/host/${what}`, { match: question.match, question: question.id, answer });
  }

  async closeSeason(season: string): Promise<void> {
    await this.#say('/host/season/close', { season });
  }

  #say(path: string, body: object): Promise<unknown> {
    return this.#call(path, fields, { method: 'POST', body: JSON.stringify(body) });
  }

  async #call<T>(path: string, reader: Reader<T>, init: RequestInit = {}): Promise<T> {
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(path, { cache: 'no-store', headers: bearer(this.#token), ...init });
      body = await response.json();
    } catch (error) {
      throw new HostRefused('The game could not be reached. Try again.', { cause: error });
    }
    if (response.status === 401) {
      throw new NotAHost('This is not the operator token.');
    }
    if (!response.ok) {
      throw new HostRefused(readOrNull((value) => text(fields(value), 'error'), body) ?? 'Refused.');
    }
    const read = readOrNull(reader, body);
    if (read === null) {
      throw new HostRefused('The game answered something else.');
    }
    return read;
  }
}

export function readQuestions(value: unknown): HostQuestion[] {
  return list(fields(value), 'questions', (question) => {
    const of = fields(question);
    return {
      id: text(of, 'id'),
      match: text(of, 'match'),
      version: number(of, 'version'),
      state: STATES.find((state) => state === of['state']) ?? 'draft',
      prompt: text(of, 'prompt'),
      options: list(of, 'options', (option) => {
        const each = fields(option);
        return { id: text(each, 'id'), label: text(each, 'label') };
      }),
      points: number(of, 'points'),
      opensAt: number(of, 'opensAt'),
      locksAt: number(of, 'locksAt'),
      answer: optional(of, 'answer', text),
    };
  });
}

export function readAnswers(value: unknown): { votes: Votes[]; times: AnswerTimes[] } {
  const of = fields(value);
  return {
    votes: list(of, 'votes', readVotes),
    times: list(of, 'answerTimes', (times) => {
      const each = fields(times);
      const classes = fields(each['classes']);
      return {
        match: text(each, 'match'),
        classes: Object.keys(classes).map((id) => {
          const figures = fields(classes[id]);
          return {
            id,
            late: number(figures, 'late'),
            accepted: list(figures, 'accepted', (n) => number({ n }, 'n')),
          };
        }),
      };
    }),
  };
}
