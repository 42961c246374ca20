import { expect, test } from 'vitest';
import { NAME_LENGTH_MAX, guestName, nameProblem } from './names';

test('a guest name is always a valid name', () => {
  for (let i = 0; i < 256; i++) {
    const first = Math.floor(i / 16) / 16;
    const second = (i % 16) / 16;
    const draws = [first, second];
    const name = guestName(() => draws.shift() ?? 0);
    expect(nameProblem(name)).toBeNull();
    expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  }
});

test('a name has 1 to 24 characters, none of them a control character', () => {
  expect(nameProblem('Asha')).toBeNull();
  expect(nameProblem('  ')).not.toBeNull();
  expect(nameProblem('x'.repeat(NAME_LENGTH_MAX))).toBeNull();
  expect(nameProblem('x'.repeat(NAME_LENGTH_MAX + 1))).not.toBeNull();
  expect(nameProblem('a\u0007b')).not.toBeNull();
});
