import { fetchMatches } from '../api/demo';
import {
  type AnswerTimes,
  type AskedQuestion,
  HostClient,
  type HostQuestion,
  NotAHost,
} from '../api/host';
import type { Match, Votes } from '../api/messages';

const POLL_MS = 1000;
const TOKEN = 'grandstand.operator';

/** A host's desk: questions as they stand, how they are answered, and what a host can say. */
export class HostDesk {
  signedIn = $state(false);
  matches: readonly Match[] = $state.raw([]);
  questions: readonly HostQuestion[] = $state.raw([]);
  votes: readonly Votes[] = $state.raw([]);
  times: readonly AnswerTimes[] = $state.raw([]);
  busy = $state(false);
  /** What went wrong last, for the host. */
  problem: string | null = $state(null);

  #client: HostClient | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor() {
    const token = remembered();
    if (token !== null) {
      void this.signIn(token);
    }
  }

  /** Takes the token if the server does; this tab remembers it. */
  async signIn(token: string): Promise<void> {
    const client = new HostClient(token.trim());
    await this.#try(async () => {
      this.questions = await client.questions();
      this.#client = client;
      this.signedIn = true;
      remember(token.trim());
      void this.#poll();
    });
  }

  signOut(): void {
    clearTimeout(this.#timer);
    this.#client = null;
    this.signedIn = false;
    remember(null);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Says something to the game; resolves to whether it was taken. */
  async say(what: (client: HostClient) => Promise<void>): Promise<boolean> {
    const client = this.#client;
    return client !== null && (await this.#try(() => what(client)));
  }

  ask(question: AskedQuestion): Promise<boolean> {
    return this.say((client) => client.ask(question));
  }

  async #try(action: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await action();
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      if (error instanceof NotAHost) {
        this.signOut();
      }
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #poll(): Promise<void> {
    const client = this.#client;
    if (client === null || this.#closed) {
      return;
    }
    try {
      const [questions, answers, matches] = await Promise.all([
        client.questions(),
        client.answers(),
        fetchMatches(),
      ]);
      this.questions = questions;
      this.votes = answers.votes;
      this.times = answers.times;
      this.matches = matches;
    } catch (error) {
      console.warn('could not read the questions', error);
    }
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(TOKEN);
  } catch {
    return null;
  }
}

function remember(token: string | null): void {
  try {
    if (token === null) {
      sessionStorage.removeItem(TOKEN);
    } else {
      sessionStorage.setItem(TOKEN, token);
    }
  } catch {
    // Without storage a reload asks for the token again.
  }
}
