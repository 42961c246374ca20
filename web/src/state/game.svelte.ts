import { type Connection, GameClient } from '../api/game-client';
import { loadDelay, saveDelay } from '../api/browser-storage';
import type {
  Ball,
  Identity,
  Match,
  MediaClock,
  PlayerStats,
  RankAt,
  Scoreboard,
  Top,
  Votes,
} from '../api/messages';
import { announcementOf } from '../lib/announce';
import { withBall } from '../lib/balls';
import { type Game, type GameEvent, NEW_GAME, reduce } from '../lib/game';
import { withRank, withSeen } from '../lib/rank-history';
import { NO_STANDING, type Standing, isStale, standingOf, withLeaderboard } from '../lib/standing';
import { type View, canAnswer, unsentAnswer, viewOf } from '../lib/view';
import { BoardsState } from './boards.svelte';
import type { ServerClock } from './server-clock';

const TICK_MS = 100;
/** Boards follow a score within about a second; asked too early, they answer with the old place. */
const ASK_TOP_AFTER_MS = 500;
const ASK_TOP_EVERY_MS = 1000;
const ASK_TOP_TRIES = 4;
const RESEND_MS = 1000;
/** Names the request for the ranks until now. */
const HISTORY = 'history';

/** One player in one match: all that the pages show, and what a player can do. */
export class GameState {
  readonly match: Match;
  readonly boards: BoardsState;

  identity: Identity = $state.raw({ player: '', token: '', name: '', country: null });
  connection: Connection = $state('connecting');
  scoreboard: Scoreboard | null = $state.raw(null);
  balls: readonly Ball[] = $state.raw([]);
  standing: Standing = $state.raw(NO_STANDING);
  announcement = $state('');
  votes: Votes | null = $state.raw(null);
  stats: PlayerStats | null = $state.raw(null);
  ranks: readonly RankAt[] = $state.raw([]);
  /** How late the viewer's picture is, ms, as the viewer says. */
  delayMs = $state(loadDelay());

  #game: Game = $state.raw(NEW_GAME);
  #now: number | null = $state(null);
  #media: MediaClock | null = $state.raw(null);
  readonly view: View = $derived(
    viewOf(this.#game, this.#now, { delayMs: this.delayMs, media: this.#media }),
  );
  /** The season of the question on the screen; null where it has none. */
  readonly season: string | null = $derived(
    this.view.state === 'waiting' ? null : this.view.question.terms.season,
  );
  readonly notices = $derived(this.#game.notices);
  /** The quiz knows the own points first; before the first score the board does. Null until then. */
  readonly points = $derived(this.#game.total ?? this.standing.score);

  readonly #client: GameClient;
  readonly #clock: ServerClock;
  readonly #ticker: ReturnType<typeof setInterval>;
  #seen: View = { state: 'waiting' };
  #topTimer: ReturnType<typeof setTimeout> | null = null;
  #topTries = 0;
  #hasHistory = false;
  #resendTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    url: string,
    identity: Identity,
    match: Match,
    clock: ServerClock,
    tokenRefused: () => void,
  ) {
    this.match = match;
    this.identity = identity;
    this.#clock = clock;
    this.boards = new BoardsState(
      () => ({ match: match.id, season: this.season, now: clock.now() }),
      (request) => void this.#client.askTop(request),
    );
    this.#client = new GameClient(url, identity, match.id, {
      connection: (state) => this.#onConnection(state),
      question: (question) => {
        if (question.match === match.id) {
          this.#apply({ kind: 'question', question });
        }
      },
      result: (result, fresh) => {
        if (result.match === match.id) {
          this.#apply({ kind: 'result', result, fresh });
          this.#askTopIfStale(result.kind === 'score');
        }
      },
      top: (top) => {
        if (top.request === HISTORY) {
          this.#remember(top);
        } else if (top.request !== null) {
          this.boards.answered(top);
        } else if (top.board === match.id) {
          this.#stand(standingOf(top));
        }
      },
      leaderboard: (leaderboard) => {
        this.#stand(withLeaderboard(this.standing, leaderboard, identity.player));
      },
      scoreboard: (scoreboard) => {
        this.scoreboard = scoreboard;
      },
      ball: (ball) => {
        this.balls = withBall(this.balls, ball);
      },
      votes: (votes) => {
        this.votes = votes;
      },
      stats: (stats) => {
        this.stats = stats;
      },
      mediaClock: (media) => {
        this.#media = media;
        this.#tick();
      },
      tokenRefused,
    });
    this.#ticker = setInterval(() => {
      if (this.view.state !== 'waiting' && this.view.question.state === 'open') {
        this.#tick();
      }
    }, TICK_MS);
    this.#client.connect();
  }

  /** Answers the question on the screen; does nothing where it takes no answer. */
  answer(option: string): void {
    this.#tick();
    if (canAnswer(this.view) && this.view.state !== 'waiting') {
      void this.#send(this.view.question.id, option);
    }
  }

  /** Says how late the viewer's picture is; this browser remembers it. */
  delay(delayMs: number): void {
    this.delayMs = delayMs;
    saveDelay(delayMs);
    this.#tick();
  }

  dismiss(notice: string): void {
    this.#apply({ kind: 'dismissed', notice });
  }

  close(): void {
    clearInterval(this.#ticker);
    this.boards.hide();
    clearTimeout(this.#topTimer ?? undefined);
    clearTimeout(this.#resendTimer ?? undefined);
    this.#client.close();
  }

  async #send(question: string, option: string): Promise<void> {
    this.#apply({ kind: 'tapped', question, option });
    const delivery = await this.#client.answer(
      this.match.id,
      question,
      option,
      this.delayMs,
    );
    this.#apply({ kind: 'delivery', question, option, delivery });
    if (delivery === 'failed') {
      this.#resendTimer ??= setTimeout(() => {
        this.#resendTimer = null;
        this.#resend();
      }, RESEND_MS);
    }
  }

  /** The server counts one answer, so sending one that may have arrived does no harm. */
  #resend(): void {
    this.#tick();
    const unsent = unsentAnswer(this.view);
    if (unsent !== null && this.#client.connected) {
      void this.#send(unsent.question.id, unsent.option);
    }
  }

  #onConnection(state: Connection): void {
    this.connection = state;
    if (state === 'connected') {
      this.#clock.ensure();
      this.#resend();
      this.#topTries = 0;
      this.#askTopSoon();
    }
  }

  #stand(standing: Standing): void {
    this.standing = standing;
    const now = this.#clock.now();
    if (standing.rank !== null && now !== null) {
      this.ranks = withRank(this.ranks, standing.rank, Math.round(now));
    }
    this.#askTopIfStale(false);
  }

  /** The answer may be another tab's, of another match. */
  #remember(top: Top): void {
    if (top.board === this.match.id && top.history !== null) {
      this.#hasHistory = true;
      this.ranks = withSeen(top.history, this.ranks);
    }
  }

  #apply(event: GameEvent): void {
    this.#game = reduce(this.#game, event);
    this.#tick();
  }

  #tick(): void {
    this.#now = this.#clock.now();
    const view = this.view;
    this.announcement = announcementOf(this.#seen, view) ?? this.announcement;
    this.#seen = view;
  }

  #askTopIfStale(isNews: boolean): void {
    if (isNews) {
      this.#topTries = 0;
    }
    if (isStale(this.standing, this.identity.player, this.#game.total)) {
      this.#askTopSoon();
    } else {
      this.#topTries = 0;
    }
  }

  /** At most once a second, and a few times only: a board may be behind for longer. */
  #askTopSoon(): void {
    if (this.#topTimer !== null || this.#topTries >= ASK_TOP_TRIES) {
      return;
    }
    const delay = this.#topTries === 0 ? ASK_TOP_AFTER_MS : ASK_TOP_EVERY_MS;
    this.#topTries++;
    this.#topTimer = setTimeout(() => {
      this.#topTimer = null;
      void this.#client.askTop({ board: this.match.id });
      if (!this.#hasHistory) {
        void this.#client.askTop({ board: this.match.id, request: HISTORY, kind: 'history' });
      }
    }, delay);
  }
}
