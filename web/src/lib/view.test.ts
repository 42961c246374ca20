import { describe, expect, test } from 'vitest';
import { type GameEvent, NEW_GAME, reduce } from './game';
import {
  LOCKS_AT,
  OPENS_AT,
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
import { type View, canAnswer, unsentAnswer, viewOf } from './view';

const IN_WINDOW = OPENS_AT + 4000;
const AFTER_LOCK = LOCKS_AT + 1;

function viewAt(now: number | null, ...events: GameEvent[]): View {
  return viewOf(events.reduce(reduce, NEW_GAME), now);
}

describe('while a question runs', () => {
  test('nothing known yet is waiting', () => {
    expect(viewAt(IN_WINDOW)).toEqual({ state: 'waiting' });
  });

  test('results without their question are waiting', () => {
    expect(viewAt(IN_WINDOW, receipt('q1', 'accepted', 'four')).state).toBe('waiting');
  });

  test('before it opens it is upcoming', () => {
    expect(viewAt(OPENS_AT - 1, open('q1')).state).toBe('upcoming');
  });

  test('a late joiner gets it open, with the time left', () => {
    expect(viewAt(OPENS_AT + 7500, open('q1'))).toMatchObject({
      state: 'open',
      countdown: { ms: 2500, seconds: 3, fraction: 0.25 },
    });
  });

  test('its last moment still takes an answer', () => {
    expect(viewAt(LOCKS_AT, open('q1')).state).toBe('open');
    expect(viewAt(AFTER_LOCK, open('q1')).state).toBe('locked');
  });

  test('it is open without a countdown while the server time is not known', () => {
    expect(viewAt(null, open('q1'))).toMatchObject({ state: 'open', countdown: null });
    expect(viewAt(null, locked('q1')).state).toBe('locked');
  });

  test('a tap is sending until its receipt, delivered or not', () => {
    expect(viewAt(IN_WINDOW, open('q1'), tapped('q1', 'four'))).toMatchObject({
      state: 'sending',
      picked: 'four',
    });
    expect(
      viewAt(IN_WINDOW, open('q1'), tapped('q1', 'four'), delivery('q1', 'four', 'delivered')).state,
    ).toBe('sending');
  });

  test('a tap that did not get through is unsent, and is sent again', () => {
    const view = viewAt(
      IN_WINDOW,
      open('q1'),
      tapped('q1', 'four'),
      delivery('q1', 'four', 'failed'),
    );
    expect(view).toMatchObject({ state: 'unsent', picked: 'four', refused: false });
    expect(unsentAnswer(view)).toMatchObject({ question: { id: 'q1' }, option: 'four' });
  });

  test('a tap that was refused is not sent again by itself', () => {
    const view = viewAt(
      IN_WINDOW,
      open('q1'),
      tapped('q1', 'four'),
      delivery('q1', 'four', 'refused'),
    );
    expect(view).toMatchObject({ state: 'unsent', refused: true });
    expect(unsentAnswer(view)).toBeNull();
  });

  test('a tap that failed is not sent again once the question is closed', () => {
    const view = viewAt(
      AFTER_LOCK,
      open('q1'),
      tapped('q1', 'four'),
      delivery('q1', 'four', 'failed'),
    );
    expect(view).toMatchObject({ state: 'locked', picked: 'four' });
    expect(unsentAnswer(view)).toBeNull();
  });

  test('an accepted answer shows with the countdown', () => {
    expect(
      viewAt(IN_WINDOW, open('q1'), tapped('q1', 'four'), receipt('q1', 'accepted', 'four')),
    ).toMatchObject({ state: 'accepted', picked: 'four', countdown: { seconds: 6 } });
  });

  test('a receipt that overtakes the publish reply counts', () => {
    expect(
      viewAt(
        IN_WINDOW,
        open('q1'),
        tapped('q1', 'four'),
        receipt('q1', 'accepted', 'four'),
        delivery('q1', 'four', 'failed'),
      ).state,
    ).toBe('accepted');
  });

  test('a duplicate shows the option that counts as accepted', () => {
    expect(
      viewAt(IN_WINDOW, open('q1'), tapped('q1', 'six'), receipt('q1', 'duplicate', 'four')),
    ).toMatchObject({ state: 'accepted', picked: 'four' });
  });

  test('a duplicate that does not say which option counts marks none', () => {
    expect(
      viewAt(IN_WINDOW, open('q1'), tapped('q1', 'six'), receipt('q1', 'duplicate')),
    ).toMatchObject({ state: 'accepted', picked: null });
  });

  test('a late answer is too late, even while the page thinks it open', () => {
    expect(
      viewAt(IN_WINDOW, open('q1'), tapped('q1', 'four'), receipt('q1', 'late')).state,
    ).toBe('late');
  });

  test.each(['unknown', 'closed', 'invalid'] as const)('%s is not counted', (status) => {
    const events = [open('q1'), tapped('q1', 'four'), receipt('q1', status)];
    expect(viewAt(IN_WINDOW, ...events)).toMatchObject({
      state: 'rejected',
      reason: status,
      open: true,
    });
    expect(viewAt(AFTER_LOCK, ...events)).toMatchObject({ state: 'rejected', open: false });
  });

  test('a lock that comes early ends the countdown', () => {
    const early = locked('q1', { locksAt: OPENS_AT + 3000 });
    expect(viewAt(IN_WINDOW, open('q1'), early).state).toBe('locked');
  });

  test('locked with an own answer is another thing than without', () => {
    expect(viewAt(AFTER_LOCK, open('q1'), locked('q1')).state).toBe('locked');
    expect(
      viewAt(AFTER_LOCK, open('q1'), receipt('q1', 'accepted', 'four'), locked('q1')),
    ).toMatchObject({ state: 'locked-in', picked: 'four' });
  });

  test('an answer on its way when the question locks is still waited for', () => {
    expect(viewAt(AFTER_LOCK, open('q1'), tapped('q1', 'four'), locked('q1')).state).toBe(
      'sending',
    );
  });
});

describe('when it is settled', () => {
  const answered = [open('q1'), tapped('q1', 'four'), receipt('q1', 'accepted', 'four')];
  const won = score('q1', 3, { correct: true, answer: 'four', points: 10, delta: 10, total: 10 });

  test('the right answer wins its points', () => {
    expect(viewAt(AFTER_LOCK, ...answered, resolved('q1', 'four'), won)).toMatchObject({
      state: 'right',
      points: 10,
    });
  });

  test('right shows at once, and its points when they come', () => {
    expect(viewAt(AFTER_LOCK, ...answered, resolved('q1', 'four'))).toMatchObject({
      state: 'right',
      points: null,
    });
  });

  test('a score that overtakes the question settles it', () => {
    expect(viewAt(AFTER_LOCK, ...answered, won)).toMatchObject({ state: 'right', points: 10 });
  });

  test('a wrong answer shows the right one', () => {
    expect(viewAt(AFTER_LOCK, ...answered, resolved('q1', 'six'))).toMatchObject({
      state: 'wrong',
      picked: 'four',
      answer: 'six',
    });
  });

  test('without an own answer it shows the right one', () => {
    expect(viewAt(AFTER_LOCK, open('q1'), resolved('q1', 'six'))).toMatchObject({
      state: 'settled',
      answer: 'six',
      receipt: null,
    });
  });

  test('a late answer is not called wrong', () => {
    expect(
      viewAt(
        AFTER_LOCK,
        open('q1'),
        tapped('q1', 'four'),
        receipt('q1', 'late'),
        resolved('q1', 'six'),
      ),
    ).toMatchObject({ state: 'settled', receipt: 'late' });
  });

  test('a correction shows old and new answer and what it costs', () => {
    expect(
      viewAt(
        AFTER_LOCK,
        ...answered,
        resolved('q1', 'four'),
        won,
        corrected('q1', 'out'),
        score('q1', 4, { correct: false, answer: 'out', points: 0, delta: -10, total: 0 }),
      ),
    ).toMatchObject({
      state: 'corrected',
      from: 'four',
      answer: 'out',
      correct: false,
      points: 0,
      delta: -10,
    });
  });

  test('a correction is rebuilt from the own results after a reload', () => {
    expect(
      viewAt(
        AFTER_LOCK,
        receipt('q1', 'accepted', 'out'),
        score('q1', 3, { correct: false, answer: 'four' }, false),
        score('q1', 4, { correct: true, answer: 'out', points: 10, delta: 10 }, false),
        corrected('q1', 'out'),
      ),
    ).toMatchObject({ state: 'corrected', from: 'four', answer: 'out', correct: true, delta: 10 });
  });

  test('a correction whose former answer nobody told is still one', () => {
    expect(viewAt(AFTER_LOCK, corrected('q1', 'out'))).toMatchObject({
      state: 'corrected',
      from: null,
      correct: null,
    });
  });

  test('corrected back and forth, the last version stands', () => {
    expect(
      viewAt(
        AFTER_LOCK,
        ...answered,
        resolved('q1', 'four'),
        corrected('q1', 'out'),
        corrected('q1', 'four', 5),
      ),
    ).toMatchObject({ state: 'corrected', from: 'out', answer: 'four', correct: true });
  });

  test('void takes the points back', () => {
    expect(
      viewAt(
        AFTER_LOCK,
        ...answered,
        resolved('q1', 'four'),
        won,
        voided('q1'),
        score('q1', 4, { correct: false, answer: null, points: 0, delta: -10, total: 0 }),
      ),
    ).toMatchObject({ state: 'void', delta: -10 });
  });

  test('void while open takes no answer any more', () => {
    const view = viewAt(IN_WINDOW, open('q1'), voided('q1', 2));
    expect(view.state).toBe('void');
    expect(canAnswer(view)).toBe(false);
  });
});

test('answers are taken where nothing counts yet and the window is open, and nowhere else', () => {
  const taking = [
    viewAt(IN_WINDOW, open('q1')),
    viewAt(IN_WINDOW, open('q1'), tapped('q1', 'four'), delivery('q1', 'four', 'failed')),
    viewAt(IN_WINDOW, open('q1'), receipt('q1', 'closed')),
  ];
  const refusing = [
    viewAt(IN_WINDOW),
    viewAt(OPENS_AT - 1, open('q1')),
    viewAt(AFTER_LOCK, open('q1')),
    viewAt(AFTER_LOCK, open('q1'), receipt('q1', 'closed')),
    viewAt(IN_WINDOW, open('q1'), tapped('q1', 'four')),
    viewAt(IN_WINDOW, open('q1'), receipt('q1', 'accepted', 'four')),
    viewAt(IN_WINDOW, open('q1'), receipt('q1', 'late')),
    viewAt(IN_WINDOW, open('q1'), resolved('q1', 'four')),
  ];
  expect(taking.map(canAnswer)).toEqual(taking.map(() => true));
  expect(refusing.map(canAnswer)).toEqual(refusing.map(() => false));
});
