// The demo's plain HTTP endpoints.

import { fields, number, type Reader, readOrNull, text } from './json';
import { type Identity, type Match, readMatches } from './messages';

/** The server could not be reached, or answered what it should not. */
export class DemoUnavailable extends Error {}

/** Makes a new player. */
export async function createPlayer(name: string): Promise<Identity> {
  const session = await fetchJson(
    '/demo/session',
    (value) => {
      const of = fields(value);
      return { player: text(of, 'player'), token: text(of, 'token') };
    },
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name }),
    },
  );
  return { ...session, name };
}

export async function fetchMatches(): Promise<Match[]> {
  return fetchJson('/demo/matches', readMatches);
}

/** The server's clock, ms since the epoch. */
export async function fetchTime(): Promise<number> {
  return fetchJson('/demo/time', (value) => number(fields(value), 'now'));
}

async function fetchJson<T>(path: string, reader: Reader<T>, init?: RequestInit): Promise<T> {
  let body: unknown;
  try {
    const response = await fetch(path, { cache: 'no-store', ...init });
    if (!response.ok) {
      throw new DemoUnavailable(`${path} answered ${response.status}`);
    }
    body = await response.json();
  } catch (error) {
    if (error instanceof DemoUnavailable) {
      throw error;
    }
    throw new DemoUnavailable(`${path} could not be reached`, { cause: error });
  }
  const read = readOrNull(reader, body);
  if (read === null) {
    throw new DemoUnavailable(`${path} answered something else`);
  }
  return read;
}
