import { loadFriends, saveFriends } from '../api/browser-storage';
import type { Top, TopRequest } from '../api/messages';
import {
  type BoardKind,
  FRIENDS_MAX,
  type RowsKind,
  type Scene,
  boardOf,
  refusalText,
  requestOf,
} from '../lib/boards';

/** A list on the screen is asked for again so often. */
const REFRESH_MS = 2000;

/** Which list of which board the player looks at, and its rows. */
export class BoardsState {
  kind: BoardKind = $state('match');
  rows: RowsKind = $state('top');
  page = $state(0);
  league: string | null = $state(null);
  friends: readonly string[] = $state.raw(loadFriends());
  /** The newest answer to what is looked at now; null before it. */
  top: Top | null = $state.raw(null);
  /** Why there is none, for players. */
  problem: string | null = $state(null);

  readonly #scene: () => Scene;
  readonly #ask: (request: TopRequest) => void;
  /** Names requests, so that an answer to another list is not shown as this one's. */
  #list = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(scene: () => Scene, ask: (request: TopRequest) => void) {
    this.#scene = scene;
    this.#ask = ask;
  }

  /** The list is on the screen from now on. */
  show(): void {
    this.hide();
    this.#timer = setInterval(() => this.#send(), REFRESH_MS);
    this.#send();
  }

  hide(): void {
    clearInterval(this.#timer);
  }

  /** Looks at another list. */
  look(at: { kind?: BoardKind; rows?: RowsKind; page?: number; league?: string | null }): void {
    this.kind = at.kind ?? this.kind;
    this.rows = at.rows ?? this.rows;
    this.page = at.page ?? 0;
    this.league = at.league === undefined ? this.league : at.league;
    this.#list++;
    this.top = null;
    this.problem = null;
    this.#send();
  }

  /** Adds a friend, or takes one away. */
  toggleFriend(player: string): void {
    const others = this.friends.filter((each) => each !== player);
    this.friends =
      others.length < this.friends.length ? others : [...others, player].slice(-FRIENDS_MAX);
    saveFriends(this.friends);
    if (this.rows === 'friends') {
      this.look({});
    }
  }

  answered(top: Top): void {
    if (top.request !== this.#name()) {
      return;
    }
    if (top.refused !== null) {
      this.problem = refusalText(top.refused);
      return;
    }
    this.top = top;
    this.problem = null;
  }

  #send(): void {
    const board = boardOf(this.kind, this.#scene());
    if (board === null) {
      return;
    }
    const request = requestOf(board, this.rows, this.#name(), {
      page: this.page,
      friends: this.friends,
      league: this.league,
    });
    if (request !== null) {
      this.#ask(request);
    }
  }

  #name(): string {
    return `list-${this.#list}`;
  }
}
