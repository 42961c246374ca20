// Which board, and which of its rows.

import type { Refusal, TopRequest } from '../api/messages';

export type BoardKind = 'match' | 'day' | 'season' | 'all';
export type RowsKind = 'top' | 'around' | 'page' | 'friends' | 'league';

/** Rows of a page. */
export const PAGE_ROWS = 20;

/** Neighbours shown above and below. */
const AROUND_ROWS = 5;

/** Friends compared at once; as the server has it. */
export const FRIENDS_MAX = 500;

/** What the boards need to know of the match on the screen. */
export interface Scene {
  readonly match: string;
  /** The season of the match's questions; null while none is known. */
  readonly season: string | null;
  /** Server time; null while it is not known. */
  readonly now: number | null;
}

/** A board's id; null where there is no such board now. */
export function boardOf(kind: BoardKind, scene: Scene): string | null {
  switch (kind) {
    case 'match':
      return scene.match;
    case 'day':
      return scene.now === null ? null : `day.${new Date(scene.now).toISOString().slice(0, 10)}`;
    case 'season':
      return scene.season === null ? null : `season.${scene.season}`;
    case 'all':
      return 'all';
  }
}

/** What to ask for; null where there is nothing to ask. */
export function requestOf(
  board: string,
  rows: RowsKind,
  request: string,
  of: { readonly page: number; readonly friends: readonly string[]; readonly league: string | null },
): TopRequest | null {
  switch (rows) {
    case 'top':
      return { board, request, kind: 'top' };
    case 'around':
      return { board, request, kind: 'around', k: AROUND_ROWS };
    case 'page':
      return { board, request, kind: 'page', offset: of.page * PAGE_ROWS, size: PAGE_ROWS };
    case 'friends':
      return of.friends.length === 0
        ? null
        : { board, request, kind: 'friends', players: of.friends.slice(0, FRIENDS_MAX) };
    case 'league':
      return of.league === null
        ? null
        : { board, request, kind: 'league', league: of.league, offset: 0, size: 100 };
  }
}

/** Why a board cannot be shown, for players. */
export function refusalText(refusal: Refusal): string {
  switch (refusal) {
    case 'rate':
    case 'busy':
      return 'Many are looking at the boards. One moment…';
    case 'restoring':
      return 'The boards are being put together again. One moment…';
    case 'unknown':
      return 'There is no league with this code.';
    case 'invalid':
      return 'This list cannot be shown.';
  }
}
