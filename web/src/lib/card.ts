// The words and marks of the question card.

import type { ReceiptStatus } from '../api/messages';
import { deltaText, pointsText } from './format';
import { labelOf } from './game';
import type { View } from './view';

export type Tone = 'plain' | 'busy' | 'good' | 'bad' | 'warn';

/** What the line under the options says. */
export interface Status {
  /** A receipt tells of an answer's way, an outcome of a settled question. */
  readonly kind: 'hint' | 'receipt' | 'outcome';
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
  /** Points won or lost, where known. */
  readonly delta: string | null;
}

/** How an option looks. */
export type OptionMark = 'idle' | 'picked' | 'right' | 'wrong' | 'formerly-right' | 'faded';

export function statusOf(view: Exclude<View, { state: 'waiting' }>): Status {
  const own = view.picked === null ? null : labelOf(view.question, view.picked);
  switch (view.state) {
    case 'upcoming':
      return hint(
        'Get ready',
        view.cued ? 'It is asked when your picture has come that far.' : 'Answers open in a moment.',
      );
    case 'open':
      return hint('Your call', `${pointsText(view.question.points)} if you are right.`);
    case 'sending':
      return receipt('busy', 'Sending…', own === null ? '' : `Your answer: ${own}.`);
    case 'unsent':
      return receipt(
        'warn',
        'Not sent yet',
        view.refused
          ? 'The server refused it. Tap to try again.'
          : 'It goes out by itself once you are back online. You can also tap again.',
      );
    case 'accepted':
      return receipt(
        'good',
        'Answer accepted',
        (own === null ? '' : `You said ${own}.`) +
          (view.changeable ? ' You may still change it.' : ''),
      );
    case 'late':
      return receipt('bad', 'Too late', 'The question had locked when your answer arrived.');
    case 'rejected':
      return receipt('bad', 'Not counted', rejection(view.reason, view.open));
    case 'locked':
      return own === null
        ? hint('Locked', 'You did not answer this one.')
        : hint('Locked', 'Your answer could not be sent in time.');
    case 'locked-in':
      return receipt('good', 'Answer accepted', own === null ? 'Locked.' : `Locked with ${own}.`);
    case 'right':
      return outcome(
        'good',
        'Right!',
        `It was ${labelOf(view.question, view.answer)}.${bonusText(view.bonus)}`,
        view.points,
      );
    case 'wrong':
      return outcome('bad', 'Not this time', `It was ${labelOf(view.question, view.answer)}.`, null);
    case 'settled':
      return outcome(
        'plain',
        `It was ${labelOf(view.question, view.answer)}`,
        missed(view.receipt),
        null,
      );
    case 'corrected': {
      const now = labelOf(view.question, view.answer);
      const detail =
        view.from === null
          ? `It is ${now} now.`
          : `Changed from ${labelOf(view.question, view.from)} to ${now}.`;
      return outcome('warn', 'Corrected', detail, view.delta);
    }
    case 'void':
      return outcome(
        'warn',
        'Question void',
        'It was taken back, so nobody wins or loses points.',
        view.delta,
      );
  }
}

export function markOf(view: Exclude<View, { state: 'waiting' }>, option: string): OptionMark {
  switch (view.state) {
    case 'right':
    case 'wrong':
    case 'settled':
      return option === view.answer ? 'right' : option === view.picked ? 'wrong' : 'faded';
    case 'corrected':
      if (option === view.answer) {
        return 'right';
      }
      return option === view.from ? 'formerly-right' : option === view.picked ? 'wrong' : 'faded';
    case 'upcoming':
    case 'void':
      return option === view.picked ? 'picked' : 'faded';
    case 'open':
      return 'idle';
    case 'accepted':
      return option === view.picked ? 'picked' : view.changeable ? 'idle' : 'faded';
    case 'unsent':
    case 'rejected':
      return option === view.picked ? 'picked' : 'idle';
    case 'sending':
    case 'late':
    case 'locked':
    case 'locked-in':
      return option === view.picked ? 'picked' : 'faded';
  }
}

/** How many columns a wide screen shows the options in: rows as even as can be. */
export function columnsOf(options: number): number {
  if (options <= 4) {
    return 2;
  }
  return options <= 6 || options === 9 ? 3 : 4;
}

function rejection(reason: ReceiptStatus, open: boolean): string {
  const again = open ? ' Tap to try again.' : '';
  switch (reason) {
    case 'unknown':
      return `The server does not know this question.${again}`;
    case 'invalid':
      return `That is none of the options.${again}`;
    case 'closed':
      return `The question was not taking answers.${again}`;
    case 'accepted':
    case 'duplicate':
    case 'late':
      return '';
  }
}

function bonusText(bonus: number | null): string {
  return bonus === null || bonus === 0 ? '' : ` ${pointsText(bonus)} of it for your streak.`;
}

function missed(receipt: ReceiptStatus | null): string {
  if (receipt === null) {
    return 'You did not answer this one.';
  }
  return receipt === 'late' ? 'Your answer came too late to count.' : 'Your answer did not count.';
}

function hint(title: string, detail: string): Status {
  return { kind: 'hint', tone: 'plain', title, detail, delta: null };
}

function receipt(tone: Tone, title: string, detail: string): Status {
  return { kind: 'receipt', tone, title, detail, delta: null };
}

function outcome(tone: Tone, title: string, detail: string, delta: number | null): Status {
  const shown = delta === null || delta === 0 ? null : deltaText(delta);
  return { kind: 'outcome', tone, title, detail, delta: shown };
}
