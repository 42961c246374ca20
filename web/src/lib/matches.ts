import type { Match, MatchState } from '../api/messages';

const BY_INTEREST: readonly MatchState[] = ['live', 'break', 'scheduled', 'finished'];

/** The match to show: the wanted one if it exists, else the first of the most interesting state. */
export function pickMatch(matches: readonly Match[], wanted: string | null): Match | null {
  const asked = matches.find((match) => match.id === wanted);
  if (asked) {
    return asked;
  }
  for (const state of BY_INTEREST) {
    const found = matches.find((match) => match.state === state);
    if (found) {
      return found;
    }
  }
  return null;
}
