// What this browser remembers. Storage may be full, blocked or hold anything; the game goes on without.

import { fields, number, type Reader, readOrNull, text } from './json';
import { type Identity, readIdentity } from './messages';

/** How far a player has seen the own results. */
export interface SeenPosition {
  readonly player: string;
  readonly epoch: string;
  readonly offset: number;
}

const IDENTITY = 'grandstand.identity';
const SEEN = 'grandstand.seen';

export const loadIdentity = (): Identity | null => load(IDENTITY, readIdentity);
export const saveIdentity = (identity: Identity): void => save(IDENTITY, identity);
export const forgetIdentity = (): void => {
  try {
    localStorage.removeItem(IDENTITY);
  } catch {
    // Nothing was kept, so there is nothing to forget.
  }
};

export function loadSeen(player: string): SeenPosition | null {
  const seen = load(SEEN, (value) => {
    const of = fields(value);
    return { player: text(of, 'player'), epoch: text(of, 'epoch'), offset: number(of, 'offset') };
  });
  return seen?.player === player ? seen : null;
}

export const saveSeen = (seen: SeenPosition): void => save(SEEN, seen);

function load<T>(key: string, reader: Reader<T>): T | null {
  try {
    const json = localStorage.getItem(key);
    return json === null ? null : readOrNull(reader, JSON.parse(json));
  } catch {
    return null;
  }
}

function save(key: string, value: object): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window may have no storage: a reload then starts as a new player.
  }
}
