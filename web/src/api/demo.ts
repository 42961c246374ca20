// The demo's plain HTTP endpoints.

import { fields, list, number, type Reader, readOrNull, readText, text } from './json';
import { type Identity, type Match, readMatches } from './messages';

/** The server could not be reached, or answered what it should not. */
export class DemoUnavailable extends Error {}

/** The server understood, and said no. */
export class DemoRefused extends Error {
  readonly status: number;

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`);
    this.status = status;
  }
}

/** Makes a new player. */
export async function createPlayer(name: string): Promise<Identity> {
  const session = await fetchJson(
    '/demo/session',
    (value) => {
      const of = fields(value);
      return { player: text(of, 'player'), token: text(of, 'token') };
    },
    post({ name }),
  );
  return { ...session, name, country: null };
}

/** Changes what boards show for the player; resolves to the player as changed. */
export async function changeProfile(
  identity: Identity,
  name: string,
  country: string | null,
): Promise<Identity> {
  await fetchJson('/demo/profile', (value) => text(fields(value), 'name'), post({ name, country }, identity));
  return { ...identity, name, country };
}

/** The codes of the leagues that the player is in. */
export async function fetchLeagues(identity: Identity): Promise<string[]> {
  return fetchJson('/demo/leagues', (value) => list(fields(value), 'leagues', readText), {
    headers: bearer(identity.token),
  });
}

/** Makes a league with the player in it; resolves to its code. */
export async function createLeague(identity: Identity): Promise<string> {
  return fetchJson('/demo/league', readLeague, post({}, identity));
}

/** Joins the league with this code. */
export async function joinLeague(identity: Identity, league: string): Promise<string> {
  return fetchJson('/demo/league/join', readLeague, post({ league }, identity));
}

const readLeague = (value: unknown): string => text(fields(value), 'league');

export async function fetchMatches(): Promise<Match[]> {
  return fetchJson('/demo/matches', readMatches);
}

/** The server's clock, ms since the epoch. */
export async function fetchTime(): Promise<number> {
  return fetchJson('/demo/time', (value) => number(fields(value), 'now'));
}

export const bearer = (token: string): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
});

function post(body: object, as?: Identity): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(as ? bearer(as.token) : {}) },
    body: JSON.stringify(body),
  };
}

async function fetchJson<T>(path: string, reader: Reader<T>, init?: RequestInit): Promise<T> {
  let body: unknown;
  try {
    const response = await fetch(path, { cache: 'no-store', ...init });
    if (response.status >= 400 && response.status < 500) {
      throw new DemoRefused(path, response.status);
    }
    if (!response.ok) {
      throw new DemoUnavailable(`${path} answered ${response.status}`);
    }
    body = await response.json();
  } catch (error) {
    if (error instanceof DemoUnavailable || error instanceof DemoRefused) {
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
