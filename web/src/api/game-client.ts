import { Centrifuge, type PublicationContext, type SubscriptionOptions } from 'centrifuge';
import { loadSeen, saveSeen } from './browser-storage';
import * as channels from './channels';
import { refusesToken } from './codes';
import { type Reader, readOrNull } from './json';
import {
  type Ball,
  type Identity,
  type Leaderboard,
  type MediaClock,
  type PlayerStats,
  type Question,
  type Result,
  type Scoreboard,
  type Top,
  type TopRequest,
  type Votes,
  readBall,
  readLeaderboard,
  readMediaClock,
  readQuestion,
  readResult,
  readScoreboard,
  readStats,
  readTop,
  readVotes,
} from './messages';

export type Connection = 'connecting' | 'connected' | 'offline';

/** What became of sending an answer. `refused` will be refused again; `failed` may work later. */
export type Delivery = 'delivered' | 'failed' | 'refused';

/** What a game hears from the server. */
export interface GameListener {
  connection(state: Connection): void;
  question(question: Question): void;
  /** `fresh` is false for a result that this browser has shown before. */
  result(result: Result, fresh: boolean): void;
  top(top: Top): void;
  leaderboard(leaderboard: Leaderboard): void;
  scoreboard(scoreboard: Scoreboard): void;
  ball(ball: Ball): void;
  votes(votes: Votes): void;
  stats(stats: PlayerStats): void;
  mediaClock(clock: MediaClock): void;
  /** The token is no good any more: only a new player helps. */
  tokenRefused(): void;
}

/** Ask for everything the server has of a channel, then live. */
const FROM_THE_BEGINNING: Partial<SubscriptionOptions> = { since: { offset: 0, epoch: '' } };

/** After the server ended a connection for good. It wants no quick reconnect, so this is a slow one. */
const RETURN_AFTER_MS = 15_000;

/** How long a reconnect may take before the page calls itself offline. */
const OFFLINE_AFTER_MS = 3000;

/**
 * One player's connection to one match.
 *
 * The SDK reconnects and recovers each channel from its position. The result channel is read from the
 * beginning, so that a reload rebuilds what became of every answer; the position up to which this
 * browser has shown results is kept, so that old news is not announced again.
 */
export class GameClient {
  readonly #identity: Identity;
  readonly #listener: GameListener;
  readonly #centrifuge: Centrifuge;
  #offlineTimer: ReturnType<typeof setTimeout> | null = null;
  #returnTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, identity: Identity, match: string, listener: GameListener) {
    this.#identity = identity;
    this.#listener = listener;
    this.#centrifuge = new Centrifuge(url, { token: identity.token, name: 'web' });
    this.#followConnection();
    this.#follow(channels.question(match), readQuestion, (question) => listener.question(question));
    this.#follow(channels.scoreboard(match), readScoreboard, (board) => listener.scoreboard(board));
    this.#follow(channels.leaderboard(match), readLeaderboard, (board) =>
      listener.leaderboard(board),
    );
    this.#follow(channels.ball(match), readBall, (ball) => listener.ball(ball));
    this.#follow(channels.votes(match), readVotes, (votes) => listener.votes(votes));
    this.#follow(channels.mediaClock(match), readMediaClock, (clock) => listener.mediaClock(clock));
    this.#follow(channels.top(identity.player), readTop, (top) => listener.top(top));
    this.#follow(channels.stats(identity.player), readStats, (stats) => listener.stats(stats));
    this.#followResults();
  }

  connect(): void {
    this.#centrifuge.connect();
  }

  get connected(): boolean {
    return this.#centrifuge.state === 'connected';
  }

  /**
   * Delivered means that Kafka has it, not that it counts: a receipt tells that. `delayMs` is how late
   * the viewer's picture is.
   */
  async answer(
    match: string,
    question: string,
    option: string,
    delayMs: number,
  ): Promise<Delivery> {
    // The SDK would wait for a connection; the player should know at once.
    if (!this.connected) {
      return 'failed';
    }
    try {
      await this.#centrifuge.publish(channels.answer(this.#identity.player), {
        match,
        question,
        option,
        ...(delayMs > 0 ? { delayMs } : {}),
      });
      return 'delivered';
    } catch (error) {
      return isFinal(error) ? 'refused' : 'failed';
    }
  }

  /** Asks for rows of a board and the own place; the answer comes as a `top`. Not when offline. */
  async askTop(request: TopRequest): Promise<void> {
    if (!this.connected) {
      return;
    }
    try {
      await this.#centrifuge.publish(channels.gettop, request);
    } catch (error) {
      console.warn('could not ask for a board', error);
    }
  }

  close(): void {
    this.#clearOfflineTimer();
    clearTimeout(this.#returnTimer);
    this.#centrifuge.removeAllListeners();
    this.#centrifuge.disconnect();
  }

  #followConnection(): void {
    this.#centrifuge
      .on('connecting', () => {
        this.#listener.connection('connecting');
        this.#offlineTimer ??= setTimeout(
          () => this.#listener.connection('offline'),
          OFFLINE_AFTER_MS,
        );
      })
      .on('connected', () => {
        this.#clearOfflineTimer();
        this.#listener.connection('connected');
      })
      .on('disconnected', ({ code }) => {
        this.#clearOfflineTimer();
        this.#listener.connection('offline');
        if (refusesToken(code)) {
          this.#listener.tokenRefused();
        } else {
          this.#returnTimer = setTimeout(() => this.connect(), RETURN_AFTER_MS * (1 + Math.random()));
        }
      })
      .on('error', ({ error }) => console.debug('connection', error));
  }

  #followResults(): void {
    let seen = loadSeen(this.#identity.player);
    let epoch = '';
    this.#subscribe(channels.result(this.#identity.player), FROM_THE_BEGINNING)
      .on('subscribed', ({ streamPosition }) => {
        epoch = streamPosition?.epoch ?? '';
      })
      .on('publication', ({ data, offset }: PublicationContext) => {
        const result = readOrNull(readResult, data);
        const at = offset ?? 0;
        const fresh = seen === null || seen.epoch !== epoch || at > seen.offset;
        if (fresh) {
          seen = { player: this.#identity.player, epoch, offset: at };
          saveSeen(seen);
        }
        if (result !== null) {
          this.#listener.result(result, fresh);
        }
      })
      .subscribe();
  }

  #follow<T>(channel: string, reader: Reader<T>, listen: (message: T) => void): void {
    this.#subscribe(channel, {})
      .on('publication', ({ data }: PublicationContext) => {
        const message = readOrNull(reader, data);
        if (message !== null) {
          listen(message);
        }
      })
      .subscribe();
  }

  #subscribe(channel: string, options: Partial<SubscriptionOptions>) {
    return this.#centrifuge
      .newSubscription(channel, options)
      .on('error', ({ error }) => console.debug(channel, error))
      .on('unsubscribed', ({ code, reason }) => {
        if (code !== 0) {
          console.warn(`${channel} is not available: ${code} ${reason}`);
        }
      });
  }

  #clearOfflineTimer(): void {
    if (this.#offlineTimer !== null) {
      clearTimeout(this.#offlineTimer);
      this.#offlineTimer = null;
    }
  }
}

/** A server's error reply that is not marked temporary will come again. The SDK's own are below 100. */
function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) {
    return false;
  }
  const temporary = 'temporary' in error && error.temporary === true;
  return typeof error.code === 'number' && error.code >= 100 && !temporary;
}
