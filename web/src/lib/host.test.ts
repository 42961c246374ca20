import { describe, expect, test } from 'vitest';
import { readAnswers, readQuestions } from '../api/host';
import { actionsOf, askProblem, classRows, matchIdOf, optionsOf } from './host';

describe('what a host may do', () => {
  test('follows the life of a question', () => {
    expect(actionsOf('scheduled')).toEqual({ lock: false, settle: null, takeBack: true });
    expect(actionsOf('open')).toEqual({ lock: true, settle: 'resolve', takeBack: true });
    expect(actionsOf('locked')).toEqual({ lock: false, settle: 'resolve', takeBack: true });
    expect(actionsOf('resolved')).toEqual({ lock: false, settle: 'correct', takeBack: true });
    expect(actionsOf('corrected')).toEqual({ lock: false, settle: 'correct', takeBack: true });
    expect(actionsOf('void')).toEqual({ lock: false, settle: null, takeBack: false });
  });
});

describe('a question before it is asked', () => {
  test('has its options one a line', () => {
    expect(optionsOf(' Yes \n\nNo\n')).toEqual(['Yes', 'No']);
  });

  test('is checked in words for the host', () => {
    expect(askProblem(' ', ['Yes', 'No'])).toBe('Say what you ask.');
    expect(askProblem('Rain?', ['Yes'])).toBe('A question has 2 to 16 options, one a line.');
    expect(askProblem('Rain?', ['Yes', 'Yes'])).toBe('An option stands twice.');
    expect(askProblem('Rain?', ['Yes', 'No'])).toBeNull();
  });
});

test('a show has an id that no board has', () => {
  expect(matchIdOf('Friday Quiz, Zoë!')).toBe('show-friday-quiz-zoe');
  expect(matchIdOf('🏏')).toBe('show-live');
  expect(matchIdOf('all')).toBe('show-all');
  expect(matchIdOf('x'.repeat(100))).toMatch(/^[a-z-]{1,64}$/);
});

test('answer times are told by class, with the bound that half of the answers keep', () => {
  const answerTimes = [
    {
      match: 'm1',
      asOf: 1,
      classes: {
        'to-15s': { late: 9, accepted: [0, 2, 5, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0] },
        none: { late: 3, accepted: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2] },
        'to-5s': { late: 1, accepted: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
      },
    },
  ];
  const { times } = readAnswers({ votes: [], answerTimes });
  expect(classRows(times[0] ?? null)).toEqual([
    { name: 'not late', answers: 2, late: 3, median: 'over 60 s' },
    { name: 'up to 5 s', answers: 0, late: 1, median: '–' },
    { name: 'up to 15 s', answers: 12, late: 9, median: '≤ 3 s' },
  ]);
  expect(classRows(null)).toEqual([]);
});

test('a host sees drafts', () => {
  const draft = {
    id: 'q1',
    match: 'm1',
    version: 1,
    state: 'draft',
    prompt: 'Rain?',
    options: [{ id: 'a', label: 'Yes' }],
    points: 10,
    opensAt: 1,
    locksAt: 2,
  };
  expect(readQuestions({ questions: [draft] })).toEqual([{ ...draft, answer: null }]);
});
