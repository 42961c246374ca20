// How a question counts, in words for players.

import type { Question } from '../api/messages';
import { pointsText, secondsText, whole } from './format';

/** What is special about a question, each a short phrase; none where the plain rule holds. */
export function rulesOf(question: Question): readonly string[] {
  const { speed, streak, answers, delays } = question.terms;
  const rules: string[] = [];
  if (speed !== null) {
    rules.push(`Be quick: down to ${pointsText(speed.floor)} after ${secondsText(speed.overMs)}`);
  }
  if (streak !== null) {
    rules.push(`Streak: +${whole(streak.bonus)} a right answer in a row, up to +${whole(streak.max)}`);
  }
  if (answers === 'last') {
    rules.push('You may change your mind until the lock');
  }
  if (delays !== null) {
    const longer = `Late picture? Up to ${secondsText(delays.capMs)} longer`;
    rules.push(delays.policy === 'lock' ? `${longer}, but never past the ball` : longer);
  }
  return rules;
}
