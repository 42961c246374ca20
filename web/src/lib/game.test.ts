import { describe, expect, test } from 'vitest';
import { PLAIN_TERMS } from '../api/messages';
import { changing, counts, type Game, type GameEvent, NEW_GAME, ownOption, reduce, roundOf } from './game';
import {
  LOCKS_AT,
  corrected,
  delivery,
  locked,
  open,
  receipt,
  resolved,
  score,
  tapped,
  voided,
} from './testing';

function play(...events: GameEvent[]): Game {
  return events.reduce(reduce, NEW_GAME);
}

describe('the question on the screen', () => {
  test('is the first one that comes', () => {
    expect(play(open('q1')).current).toBe('q1');
  });

  test('is the one that opened last, in whatever order they come', () => {
    expect(play(open('q1'), open('q2')).current).toBe('q2');
    expect(play(open('q2'), open('q1')).current).toBe('q2');
  });

  test('is not replaced by the correction of an older one', () => {
    const game = play(open('q1'), resolved('q1', 'four'), open('q2'), corrected('q1', 'out'));
    expect(game.current).toBe('q2');
  });

  test('does not go back to an older version', () => {
    const game = play(locked('q1'), open('q1'));
    expect(roundOf(game, 'q1')?.question?.state).toBe('locked');
  });

  test('is the same object when it comes again, as after a reconnect', () => {
    const game = play(open('q1'));
    expect(reduce(game, open('q1'))).toBe(game);
  });
});

describe('receipts', () => {
  test('concern the question they name, not the one on the screen', () => {
    const game = play(open('q1'), tapped('q1', 'four'), open('q2'), receipt('q1', 'accepted', 'four'));
    expect(roundOf(game, 'q1')?.receipt?.status).toBe('accepted');
    expect(roundOf(game, 'q2')?.receipt).toBeNull();
  });

  test('may come before their question, as after a reload', () => {
    const game = play(receipt('q1', 'accepted', 'four'), open('q1'));
    expect(roundOf(game, 'q1')?.receipt?.option).toBe('four');
    expect(game.current).toBe('q1');
  });

  test('of a second answer name the one that counts', () => {
    const round = roundOf(
      play(open('q1'), tapped('q1', 'six'), receipt('q1', 'duplicate', 'four')),
      'q1',
    );
    expect(round && counts(round)).toBe(true);
    expect(round && ownOption(round)).toBe('four');
  });

  test('may take an answer back when the ball came before it', () => {
    const round = roundOf(
      play(open('q1'), receipt('q1', 'accepted', 'four'), receipt('q1', 'late')),
      'q1',
    );
    expect(round && counts(round)).toBe(false);
  });

  test('may accept an answer whose question was late to be known', () => {
    const round = roundOf(
      play(
        open('q1'),
        tapped('q1', 'four'),
        receipt('q1', 'unknown'),
        receipt('q1', 'accepted', 'four'),
      ),
      'q1',
    );
    expect(round && counts(round)).toBe(true);
  });
});

describe('an answer', () => {
  test('that counts is not replaced by another tap', () => {
    const game = play(open('q1'), receipt('q1', 'accepted', 'four'));
    expect(reduce(game, tapped('q1', 'six'))).toBe(game);
  });

  test('forgets what an earlier try came to', () => {
    const game = play(open('q1'), receipt('q1', 'unknown'), tapped('q1', 'four'));
    expect(roundOf(game, 'q1')?.receipt).toBeNull();
  });

  test('is not marked by the delivery of an earlier tap on another option', () => {
    const game = play(
      open('q1'),
      tapped('q1', 'four'),
      delivery('q1', 'four', 'failed'),
      tapped('q1', 'six'),
      delivery('q1', 'four', 'failed'),
    );
    expect(roundOf(game, 'q1')?.tap).toEqual({ option: 'six', delivery: 'sending' });
  });
});

describe('where the last answer counts', () => {
  const asked = open('q1', { terms: { ...PLAIN_TERMS, answers: 'last' } });
  const answered = [asked, tapped('q1', 'four'), receipt('q1', 'accepted', 'four')];

  test('another answer is on its way while the first one counts', () => {
    const round = roundOf(play(...answered, tapped('q1', 'six')), 'q1')!;
    expect(changing(round)).toEqual({ option: 'six', delivery: 'sending' });
    expect(counts(round)).toBe(true);
  });

  test('its receipt makes it the one that counts', () => {
    const game = play(...answered, tapped('q1', 'six'), receipt('q1', 'accepted', 'six'));
    const round = roundOf(game, 'q1')!;
    expect(changing(round)).toBeNull();
    expect(ownOption(round)).toBe('six');
  });

  test('one that came too late leaves the first one counting', () => {
    const game = play(...answered, tapped('q1', 'six'), receipt('q1', 'late', 'four'));
    const round = roundOf(game, 'q1')!;
    expect(counts(round)).toBe(true);
    expect(ownOption(round)).toBe('four');
  });

  test('of two changes in quick succession the newest is what stays', () => {
    const game = play(
      ...answered,
      tapped('q1', 'six'),
      tapped('q1', 'out'),
      receipt('q1', 'accepted', 'six'),
      receipt('q1', 'accepted', 'out'),
    );
    expect(ownOption(roundOf(game, 'q1')!)).toBe('out');
  });
});

describe('scores', () => {
  test('set the total', () => {
    expect(play(open('q1'), score('q1', 3, { total: 40 })).total).toBe(40);
  });

  test('of an older version change nothing', () => {
    const game = play(score('q1', 4, { total: 30 }));
    expect(reduce(game, score('q1', 3, { total: 40 }))).toBe(game);
  });

  test('of the same version come again where a streak bonus has changed, without a notice', () => {
    const game = play(open('q2'), score('q1', 3, { total: 30, bonus: 4 }, false));
    const after = reduce(game, score('q1', 3, { total: 28, bonus: 2, delta: -2, entry: 4 }));
    expect(after.total).toBe(28);
    expect(after.notices).toEqual(game.notices);
    expect(reduce(after, score('q1', 3, { total: 30 }))).toBe(after);
  });

  test('stand for a counted answer even where the receipt is lost', () => {
    const round = roundOf(play(score('q1', 3, { correct: true, answer: 'four' })), 'q1');
    expect(round && counts(round)).toBe(true);
    expect(round && ownOption(round)).toBe('four');
  });
});

describe('notices', () => {
  const settledAndNext = [
    open('q1'),
    receipt('q1', 'accepted', 'four'),
    resolved('q1', 'four'),
    score('q1', 3, { correct: true, answer: 'four', points: 10, delta: 10, total: 10 }),
    open('q2'),
  ];

  test('tell of the correction of an older question, with its points', () => {
    const game = play(
      ...settledAndNext,
      corrected('q1', 'out'),
      score('q1', 4, { correct: false, answer: 'out', points: 0, delta: -10, total: 0 }),
    );
    expect(game.notices).toEqual([
      {
        id: 'q1@4',
        question: 'q1',
        kind: 'corrected',
        prompt: 'Ball q1: what will it bring?',
        answer: 'Out',
        from: 'Four',
        delta: -10,
      },
    ]);
    expect(game.total).toBe(0);
  });

  test('are the same whichever of question and score comes first', () => {
    const correction = corrected('q1', 'out');
    const points = score('q1', 4, { answer: 'out', delta: -10, total: 0 });
    expect(play(...settledAndNext, points, correction).notices).toEqual(
      play(...settledAndNext, correction, points).notices,
    );
  });

  test('tell of a correction without points to those who did not answer', () => {
    const game = play(open('q1'), resolved('q1', 'four'), open('q2'), corrected('q1', 'out'));
    expect(game.notices).toMatchObject([{ kind: 'corrected', answer: 'Out', delta: null }]);
  });

  test('tell of a result that comes after the next question opened', () => {
    const game = play(
      open('q1'),
      receipt('q1', 'accepted', 'four'),
      open('q2'),
      score('q1', 3, { correct: true, answer: 'four', delta: 10 }),
    );
    expect(game.notices).toMatchObject([{ kind: 'result', answer: 'Four', delta: 10 }]);
  });

  test('tell of an older question taken back', () => {
    const game = play(
      ...settledAndNext,
      score('q1', 4, { correct: false, answer: null, points: 0, delta: -10 }),
    );
    expect(game.notices).toMatchObject([{ kind: 'void', answer: null, delta: -10 }]);
  });

  test('do not tell of the question on the screen', () => {
    const game = play(
      open('q1'),
      receipt('q1', 'accepted', 'four'),
      resolved('q1', 'four'),
      score('q1', 3, { correct: true, answer: 'four' }),
      voided('q1'),
      score('q1', 4, { answer: null }),
    );
    expect(game.notices).toEqual([]);
  });

  test('give way when their question turns out to be the one on the screen', () => {
    const game = play(score('q1', 3, { correct: true, answer: 'four' }), resolved('q1', 'four'));
    expect(game.notices).toEqual([]);
  });

  test('after a reload borrow the words of the question on the screen', () => {
    const game = play(
      open('q2'),
      score('q1', 3, { answer: 'four' }, false),
      score('q1', 4, { answer: 'out', delta: -10 }),
    );
    expect(game.notices).toMatchObject([{ kind: 'corrected', prompt: null, answer: 'Out' }]);
  });

  test('do not repeat old news after a reload', () => {
    const game = play(open('q2'), score('q1', 3, { delta: 10 }, false));
    expect(game.notices).toEqual([]);
  });

  test('are at most three, and one a question', () => {
    const game = play(
      open('q9'),
      ...['q1', 'q2', 'q3', 'q4', 'q4'].map((id, i) => score(id, 3 + i, { delta: 10 })),
    );
    expect(game.notices.map((notice) => notice.id)).toEqual(['q2@4', 'q3@5', 'q4@7']);
  });

  test('go when dismissed', () => {
    const game = play(open('q2'), score('q1', 3, {}));
    expect(reduce(game, { kind: 'dismissed', notice: 'q1@3' }).notices).toEqual([]);
  });
});

test('a long match keeps a hundred rounds, the one on the screen among them', () => {
  const many = Array.from({ length: 150 }, (_, i) => receipt(`old${i}`, 'accepted', 'four'));
  const game = play(open('q1', { locksAt: LOCKS_AT }), ...many);
  expect(game.rounds.size).toBe(100);
  expect(roundOf(game, 'q1')).not.toBeNull();
  expect(roundOf(game, 'old0')).toBeNull();
  expect(roundOf(game, 'old149')).not.toBeNull();
});
