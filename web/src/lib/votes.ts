// How everybody answered. It says nothing of which option is right, but who sees it before answering
// would follow the crowd: it is shown to those who have answered, or can no longer.

import type { Votes } from '../api/messages';
import { whole } from './format';
import type { View } from './view';

/** Whether the view's question may show how others answered. */
export function showsVotes(view: View): boolean {
  switch (view.state) {
    case 'accepted':
    case 'late':
    case 'locked':
    case 'locked-in':
    case 'right':
    case 'wrong':
    case 'settled':
    case 'corrected':
      return true;
    case 'rejected':
      return !view.open;
    case 'waiting':
    case 'upcoming':
    case 'open':
    case 'sending':
    case 'unsent':
    case 'void':
      return false;
  }
}

/** The votes to show with the view; null for none. */
export function votesOf(view: View, votes: Votes | null): Votes | null {
  return view.state !== 'waiting' &&
    votes !== null &&
    votes.question === view.question.id &&
    votes.total > 0 &&
    showsVotes(view)
    ? votes
    : null;
}

/** Who named the option, in whole percent. */
export function shareOf(votes: Votes, option: string): number {
  return votes.total === 0 ? 0 : Math.round((100 * (votes.counts[option] ?? 0)) / votes.total);
}

/** How many answered; more may come while answers are taken. */
export function votesText(votes: Votes, isOpen: boolean): string {
  const answers = votes.total === 1 ? '1 answer' : `${whole(votes.total)} answers`;
  return isOpen ? `${answers} so far` : answers;
}
