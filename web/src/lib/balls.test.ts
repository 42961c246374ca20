import { expect, test } from 'vitest';
import type { Ball } from '../api/messages';
import { withBall } from './balls';

const ball = (seq: number, version = 1): Ball => ({
  match: 'm1',
  seq,
  version,
  innings: 1,
  over: 0,
  ball: seq,
  batter: 'Rao',
  bowler: 'Cole',
  runs: 0,
  batterRuns: 0,
  extras: { wides: 0, noballs: 0, byes: 0, legbyes: 0, penalty: 0 },
  wickets: [],
});

function shown(...balls: Ball[]): string[] {
  return balls
    .reduce(withBall, [] as readonly Ball[])
    .map(({ seq, version }) => `${seq}v${version}`);
}

test('the latest ball comes first', () => {
  expect(shown(ball(1), ball(2))).toEqual(['2v1', '1v1']);
});

test('a correction replaces its ball in place', () => {
  expect(shown(ball(1), ball(2), ball(1, 2))).toEqual(['2v1', '1v2']);
});

test('an older version changes nothing', () => {
  expect(shown(ball(1, 2), ball(1, 1))).toEqual(['1v2']);
});

test('twelve are shown', () => {
  const many = Array.from({ length: 20 }, (_, i) => ball(i + 1));
  expect(shown(...many)).toHaveLength(12);
  expect(shown(...many)[0]).toBe('20v1');
});
