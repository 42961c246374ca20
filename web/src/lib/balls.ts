import type { Ball } from '../api/messages';

/** Deliveries shown. */
const BALLS_MAX = 12;

/** The latest deliveries, newest first; a correction replaces the delivery it corrects. */
export function withBall(balls: readonly Ball[], ball: Ball): readonly Ball[] {
  const known = balls.find((each) => each.seq === ball.seq);
  if (known && known.version >= ball.version) {
    return balls;
  }
  return [...balls.filter((each) => each.seq !== ball.seq), ball]
    .sort((a, b) => b.seq - a.seq)
    .slice(0, BALLS_MAX);
}
