/** Longest display name, in characters; as the server has it. */
export const NAME_LENGTH_MAX = 24;

const FIRST = [
  'Bold', 'Brave', 'Bright', 'Calm', 'Clever', 'Eager', 'Golden', 'Keen',
  'Lucky', 'Merry', 'Nimble', 'Quick', 'Quiet', 'Steady', 'Sunny', 'Swift',
];
const SECOND = [
  'Badger', 'Falcon', 'Fox', 'Gull', 'Hare', 'Heron', 'Kestrel', 'Lynx',
  'Magpie', 'Otter', 'Panther', 'Puffin', 'Robin', 'Sparrow', 'Stoat', 'Tiger',
];

/** A friendly name for a guest. `random` is as `Math.random`. */
export function guestName(random: () => number): string {
  return `${pick(FIRST, random)} ${pick(SECOND, random)}`;
}

/** What is wrong with a name, as a sentence for the player; null if nothing is. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed.length === 0) {
    return 'Please enter a name.';
  }
  if (trimmed.length > NAME_LENGTH_MAX) {
    return `A name has at most ${NAME_LENGTH_MAX} characters.`;
  }
  return /\p{Cc}/u.test(trimmed) ? 'A name cannot hold control characters.' : null;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? '';
}
