// A player's own figures as the page shows them.

import type { Figures, PlayerStats } from '../api/messages';
import { whole } from './format';

/** One figure and what it is. */
export interface Shown {
  readonly id: 'streak' | 'longest' | 'accuracy' | 'speed';
  readonly label: string;
  readonly value: string;
}

/** The figures of a match, or over all where the match is not among the latest; null for none yet. */
export function figuresOf(stats: PlayerStats | null, match: string | null): Figures | null {
  if (stats === null) {
    return null;
  }
  if (match === null) {
    return stats.overall;
  }
  return stats.matches.find((each) => each.match === match)?.figures ?? null;
}

export function shownFigures(figures: Figures | null): readonly Shown[] {
  const some = figures !== null && figures.answered > 0 ? figures : null;
  return [
    { id: 'streak', label: 'Streak', value: some === null ? '–' : whole(some.streak) },
    { id: 'longest', label: 'Longest', value: some === null ? '–' : whole(some.longestStreak) },
    {
      id: 'accuracy',
      label: 'Right',
      value: some === null ? '–' : `${Math.round(100 * some.accuracy)} %`,
    },
    { id: 'speed', label: 'Speed', value: some === null ? '–' : speedText(some.answerMs) },
  ];
}

/** `3.1 s`. */
function speedText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
