// Channel names. A key may hold any character; what is not printable ASCII is percent-encoded, and `%`
// itself. That is the gateway's own spelling: the SDK knows a push by its channel's exact spelling, so
// encoding more than the gateway does would lose pushes.

export const question = (match: string): string => named('question', match);
export const scoreboard = (match: string): string => named('scoreboard', match);
export const ball = (match: string): string => named('ball', match);
export const leaderboard = (board: string): string => named('leaderboard', board);
export const result = (player: string): string => named('result', player);
export const top = (player: string): string => named('top', player);
export const votes = (match: string): string => named('votes', match);
export const mediaClock = (match: string): string => named('media-clock', match);
export const stats = (player: string): string => named('stats', player);
export const answer = (player: string): string => named('answer', player);

/** Has no key: the gateway keys it by the asking player. */
export const gettop = 'gettop';

function named(namespace: string, key: string): string {
  return `${namespace}:${key.replace(/[^\x21-\x7e]|%/gu, encodeURIComponent)}`;
}
