import type { Ball } from '../api/messages';

const WHOLE = new Intl.NumberFormat('en');

export function whole(value: number): string {
  return WHOLE.format(value).replace('-', '−');
}

/** With its sign: `+10`, `−10`, `0`. */
export function signed(value: number): string {
  return value > 0 ? `+${whole(value)}` : whole(value);
}

export function pointsText(points: number): string {
  return `${whole(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`;
}

/** `10 s`, `2.5 s`. */
export function secondsText(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

export function deltaText(delta: number): string {
  return delta > 0 ? `+${pointsText(delta)}` : pointsText(delta);
}

/** How a ball is spoken of, `12.3`: after 12 overs, the third delivery. */
export function ballNumber(ball: Ball): string {
  return `${ball.over}.${ball.ball}`;
}

export type BallTone = 'wicket' | 'six' | 'four' | 'runs' | 'extra' | 'dot';

/** What a delivery brought, in words. */
export function ballText(ball: Ball): string {
  const wicket = ball.wickets[0];
  if (wicket) {
    return wicket.kind.startsWith('retired') ? capitalised(wicket.kind) : `Out, ${wicket.kind}`;
  }
  const { wides, noballs, byes, legbyes, penalty } = ball.extras;
  if (wides > 0) {
    return plus('Wide', wides - 1);
  }
  if (noballs > 0) {
    return plus('No ball', ball.runs - 1);
  }
  if (byes > 0) {
    return count(byes, 'bye');
  }
  if (legbyes > 0) {
    return count(legbyes, 'leg bye');
  }
  if (penalty > 0) {
    return `${penalty} penalty runs`;
  }
  return runsText(ball.batterRuns);
}

export function ballTone(ball: Ball): BallTone {
  if (ball.wickets.some((wicket) => !wicket.kind.startsWith('retired'))) {
    return 'wicket';
  }
  const { wides, noballs, byes, legbyes } = ball.extras;
  if (wides + noballs + byes + legbyes > 0) {
    return 'extra';
  }
  return toneOfRuns(ball.batterRuns);
}

/** The tone of a delivery as a scorer writes it: `•`, `4`, `W`, `1wd`. */
export function markTone(mark: string): BallTone {
  if (mark.includes('W')) {
    return 'wicket';
  }
  if (/[a-z]/.test(mark)) {
    return 'extra';
  }
  return toneOfRuns(Number.parseInt(mark, 10) || 0);
}

function toneOfRuns(runs: number): BallTone {
  return runs === 6 ? 'six' : runs === 4 ? 'four' : runs > 0 ? 'runs' : 'dot';
}

function runsText(runs: number): string {
  switch (runs) {
    case 0:
      return 'Dot ball';
    case 4:
      return 'Four';
    case 6:
      return 'Six';
    default:
      return count(runs, 'run');
  }
}

function plus(what: string, more: number): string {
  return more > 0 ? `${what} + ${more}` : what;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
