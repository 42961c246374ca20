// What a screen reader says. Once per change, never on each tick of the countdown.

import { deltaText, pointsText } from './format';
import { labelOf } from './game';
import type { View } from './view';

const WARNING_SECONDS = 5;

/** What to say about the step from one view to the next; null for nothing. */
export function announcementOf(before: View, after: View): string | null {
  if (after.state === 'waiting') {
    return null;
  }
  const same = before.state !== 'waiting' && before.question.id === after.question.id;
  if (same && before.state === after.state) {
    return warningOf(before, after) ?? pointsNews(before, after);
  }
  return sentenceOf(after, same);
}

function sentenceOf(view: Exclude<View, { state: 'waiting' }>, same: boolean): string | null {
  const own = view.picked === null ? '' : `: ${labelOf(view.question, view.picked)}`;
  switch (view.state) {
    case 'upcoming':
    case 'sending':
      return null;
    case 'open': {
      const left = view.countdown === null ? '' : ` ${view.countdown.seconds} seconds to answer.`;
      return same ? null : `New question. ${view.question.prompt}${left}`;
    }
    case 'unsent':
      return view.refused
        ? 'Your answer was refused. Try again.'
        : 'Your answer is not sent yet. It is sent again when the connection is back.';
    case 'accepted':
      return `Answer accepted${own}.`;
    case 'late':
      return 'Too late. Your answer came after the lock.';
    case 'rejected':
      return view.open ? 'Your answer was not counted. Try again.' : 'Your answer was not counted.';
    case 'locked':
      return same ? 'Locked. No answer from you.' : null;
    case 'locked-in':
      return same ? 'Locked.' : null;
    case 'right':
      return rightWith(view.points);
    case 'wrong':
      return `Wrong. The answer is ${labelOf(view.question, view.answer)}.`;
    case 'settled':
      return `The answer is ${labelOf(view.question, view.answer)}.`;
    case 'corrected': {
      const delta = view.delta === null || view.delta === 0 ? '' : ` ${deltaText(view.delta)}.`;
      return `Corrected. The answer is now ${labelOf(view.question, view.answer)}.${delta}`;
    }
    case 'void':
      return 'The question is void. Nobody wins or loses points.';
  }
}

function warningOf(before: View, after: View): string | null {
  if (
    (before.state === 'open' || before.state === 'unsent') &&
    (after.state === 'open' || after.state === 'unsent') &&
    before.countdown !== null &&
    after.countdown !== null &&
    before.countdown.seconds > WARNING_SECONDS &&
    after.countdown.seconds <= WARNING_SECONDS
  ) {
    return `${after.countdown.seconds} seconds left.`;
  }
  return null;
}

/** Points may come a moment after the outcome. */
function pointsNews(before: View, after: View): string | null {
  if (before.state === 'right' && after.state === 'right' && before.points === null) {
    return rightWith(after.points);
  }
  if (before.state === 'corrected' && after.state === 'corrected' && before.delta === null) {
    return after.delta === null || after.delta === 0 ? null : `${deltaText(after.delta)}.`;
  }
  return null;
}

/** Said when the points are known: two sentences in quick succession would cut each other short. */
function rightWith(points: number | null): string | null {
  return points === null ? null : `Right, ${pointsText(points)}.`;
}
