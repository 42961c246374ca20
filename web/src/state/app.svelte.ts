import { forgetIdentity, loadIdentity, saveIdentity } from '../api/browser-storage';
import { DemoRefused, changeProfile, createPlayer, fetchMatches } from '../api/demo';
import type { Identity, Match } from '../api/messages';
import { pickMatch } from '../lib/matches';
import { GameState } from './game.svelte';
import { ServerClock } from './server-clock';

/** While there is no match to show. */
const MATCHES_RETRY_MS = 3000;
/** While the match shown may be followed by another. */
const MATCHES_EVERY_MS = 15_000;
/** Between two new players made because a token was refused. */
const RENEW_AFTER_MS = 3000;

export type Phase =
  | { readonly kind: 'loading' }
  /** The server cannot be reached, or has no match. */
  | { readonly kind: 'unavailable'; readonly reason: 'unreachable' | 'no-match' }
  | { readonly kind: 'joining'; readonly match: Match }
  | { readonly kind: 'playing'; readonly game: GameState };

/** The page: which match, who plays, and the running game. */
export class AppState {
  matches: readonly Match[] = $state.raw([]);
  joining = $state(false);
  joinProblem: string | null = $state(null);
  /** The name of a player whom the server knows no more. */
  lostName: string | null = $state(null);

  #match: Match | null = $state.raw(null);
  #game: GameState | null = $state.raw(null);
  #reachable: boolean | null = $state(null);
  readonly phase: Phase = $derived.by(() => {
    if (this.#game !== null) {
      return { kind: 'playing', game: this.#game };
    }
    if (this.#match !== null) {
      return { kind: 'joining', match: this.#match };
    }
    if (this.#reachable === null) {
      return { kind: 'loading' };
    }
    return { kind: 'unavailable', reason: this.#reachable ? 'no-match' : 'unreachable' };
  });

  /** The live match to go on with when the one on the screen is over. */
  readonly nextMatch: Match | null = $derived(
    this.#isOver()
      ? (this.matches.find((each) => each.state === 'live' && each.id !== this.#match?.id) ?? null)
      : null,
  );

  readonly #clock = new ServerClock();
  #renewedAt = -RENEW_AFTER_MS;

  constructor() {
    void this.#loadMatches();
  }

  /** Makes a player of this name and plays. */
  async join(name: string): Promise<void> {
    if (this.joining) {
      return;
    }
    this.joining = true;
    this.joinProblem = null;
    try {
      const identity = await createPlayer(name);
      saveIdentity(identity);
      this.#play(identity);
    } catch (error) {
      console.warn('could not join', error);
      this.joinProblem = nameRefusal(error);
    } finally {
      this.joining = false;
    }
  }

  /** Changes name and country; resolves to what is wrong with them, null where nothing is. */
  async rename(name: string, country: string | null): Promise<string | null> {
    const game = this.#game;
    if (game === null) {
      return null;
    }
    try {
      const identity = await changeProfile(game.identity, name, country);
      saveIdentity(identity);
      game.identity = identity;
      return null;
    } catch (error) {
      console.warn('could not change the profile', error);
      return nameRefusal(error);
    }
  }

  /** Shows another match; the address keeps it. */
  choose(id: string): void {
    const match = this.matches.find((each) => each.id === id);
    if (!match || match.id === this.#match?.id) {
      return;
    }
    const address = new URL(location.href);
    address.searchParams.set('match', id);
    history.replaceState(null, '', address);
    this.#show(match);
  }

  async #loadMatches(): Promise<void> {
    if (this.#match === null || this.#isOver()) {
      try {
        this.matches = await fetchMatches();
        this.#reachable = true;
      } catch (error) {
        console.warn('could not read the matches', error);
        this.#reachable = false;
      }
    }
    if (this.#match === null) {
      const wanted = new URLSearchParams(location.search).get('match');
      const match = pickMatch(this.matches, wanted);
      if (match !== null) {
        this.#show(match);
      }
    }
    const wait = this.#match === null ? MATCHES_RETRY_MS : MATCHES_EVERY_MS;
    setTimeout(() => void this.#loadMatches(), wait);
  }

  #isOver(): boolean {
    return (this.#game?.scoreboard?.state ?? this.#match?.state) === 'finished';
  }

  #show(match: Match): void {
    this.#match = match;
    const identity = loadIdentity();
    if (identity !== null) {
      this.#play(identity);
    }
  }

  #play(identity: Identity): void {
    this.#game?.close();
    this.#game = null;
    if (this.#match !== null) {
      this.#game = new GameState(webSocketUrl(), identity, this.#match, this.#clock, () =>
        this.#renew(identity),
      );
    }
  }

  /** The server knows this player no more: a new one of the same name goes on. */
  #renew(refused: Identity): void {
    forgetIdentity();
    this.lostName = refused.name;
    const wait = Math.max(0, this.#renewedAt + RENEW_AFTER_MS - performance.now());
    setTimeout(() => {
      this.#renewedAt = performance.now();
      this.#game?.close();
      this.#game = null;
      void this.join(refused.name);
    }, wait);
  }
}

function nameRefusal(error: unknown): string {
  return error instanceof DemoRefused && error.status === 400
    ? 'This name cannot be shown. Please choose another one.'
    : 'The game could not be reached. Please try again.';
}

function webSocketUrl(): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/connection/websocket`;
}
