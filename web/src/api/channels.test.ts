import { expect, test } from 'vitest';
import * as channels from './channels';

test('a plain key stands in its channel as it is', () => {
  expect(channels.result('p-42')).toBe('result:p-42');
});

test('what is not printable ASCII is percent-encoded, as UTF-8', () => {
  expect(channels.result('Zoë 100%')).toBe('result:Zo%C3%AB%20100%25');
  expect(channels.top('🏏')).toBe('top:%F0%9F%8F%8F');
});

test('separators need no encoding: only the first colon ends the namespace', () => {
  expect(channels.question('m:1/2')).toBe('question:m:1/2');
});
