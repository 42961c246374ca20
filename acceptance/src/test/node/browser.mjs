// Rounds of the game in a real Chromium: a player at phone size, and a host who asks the questions, so
// that nothing waits for the pace of a match longer than once.
// Usage: node browser.mjs WEB_FOLDER CHROMIUM PORT SCREENSHOT_FOLDER OPERATOR_TOKEN. Prints each step;
// exit code 0 where all of them went well.
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const [webFolder, executablePath, port, screenshots, operatorToken] = process.argv.slice(2);
const require = createRequire(join(webFolder, 'package.json'));
const { chromium } = require('playwright-core');

const PATIENCE_MS = 90_000;
mkdirSync(screenshots, { recursive: true });

/** A door between page and gateway that can be shut: the page loses its connection for real. */
class Door {
  #sockets = new Set();
  #open = true;
  #server = createServer((inner) => {
    if (!this.#open) {
      inner.destroy();
      return;
    }
    const outer = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [[inner, outer], [outer, inner]]) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  });

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  shut() {
    this.#open = false;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  reopen() {
    this.#open = true;
  }

  close() {
    this.shut();
    this.#server.close();
  }
}

const door = new Door();
const address = await door.listen();
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const faults = [];

/** A browser window of its own, with a device clock that is so many hours wrong. */
async function visitor(viewport, hoursWrong = 0) {
  const context = await browser.newContext({ viewport });
  const visitorPage = await context.newPage();
  visitorPage.setDefaultTimeout(PATIENCE_MS);
  visitorPage.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  if (hoursWrong !== 0) {
    await visitorPage.addInitScript((wrongMs) => {
      const Right = Date;
      globalThis.Date = class extends Right {
        constructor(...of) {
          super(...(of.length === 0 ? [Right.now() + wrongMs] : of));
        }

        static now() {
          return Right.now() + wrongMs;
        }
      };
    }, hoursWrong * 3_600_000);
  }
  return visitorPage;
}

const page = await visitor({ width: 360, height: 740 });
const question = page.getByTestId('question');

/** Waits until the question card is in one of these states; returns which and of which question. */
const state = (...wanted) => stateOf(page, ...wanted);

async function stateOf(page, ...wanted) {
  const selector = wanted.map((name) => `[data-testid=question][data-state=${name}]`).join(',');
  const card = page.locator(selector).first();
  await card.waitFor();
  return { state: await card.getAttribute('data-state'), id: await card.getAttribute('data-question') };
}

/** Waits for a question that has only just opened. */
async function freshQuestion(than) {
  await page.waitForFunction((old) => {
    const card = document.querySelector('[data-testid=question]');
    return card?.dataset.state === 'open' && card.dataset.question !== old;
  }, than ?? null);
  return question.getAttribute('data-question');
}

async function step(what, action) {
  const started = Date.now();
  try {
    const result = await action();
    console.log(`ok    ${what} (${Date.now() - started} ms)`);
    return result;
  } catch (error) {
    await page.screenshot({ path: join(screenshots, 'failed.png') });
    const card = await question.first().evaluate((e) => e.outerHTML.slice(0, 600)).catch(() => 'no question card');
    console.log(`FAILED ${what}: ${error.message}\n${card}\n${faults.join('\n')}`);
    await browser.close();
    door.close();
    process.exit(1);
  }
}

function must(holds, what) {
  if (!holds) {
    throw new Error(what);
  }
}

await step('a visitor joins with a name and is in the match', async () => {
  await page.goto(address);
  await page.getByTestId('name-input').fill('Asha');
  await page.getByTestId('join').click();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await page.getByTestId('scoreboard').waitFor();
});

const first = await step('a question opens with a countdown; one tap answers, and the answer is accepted', async () => {
  let tried = null;
  for (;;) {
    const id = await freshQuestion(tried);
    tried = id;
    await page.getByTestId('countdown').waitFor();
    await page.getByTestId('option').first().click();
    // A match does not wait: the ball may come between looking and tapping, and then there is another.
    const became = await page.waitForFunction((asked) => {
      const { question, state } = document.querySelector('[data-testid=question]').dataset;
      if (question !== asked || ['late', 'locked', 'rejected', 'settled'].includes(state)) {
        return 'missed';
      }
      return ['accepted', 'locked-in', 'right', 'wrong'].includes(state) ? 'accepted' : null;
    }, id);
    if ((await became.jsonValue()) === 'accepted') {
      await page.screenshot({ path: join(screenshots, 'accepted-360.png') });
      return id;
    }
  }
});

await step('after the ball the page says right or wrong', async () => {
  await page.waitForFunction((asked) => {
    const { question, state } = document.querySelector('[data-testid=question]').dataset;
    const onCard = question === asked && ['right', 'wrong', 'corrected'].includes(state);
    return onCard || document.querySelector(`[data-testid=notice][data-question="${asked}"]`) !== null;
  }, first);
  await page.screenshot({ path: join(screenshots, 'settled-360.png') });
});

await step('the own rank and the ten best are there', async () => {
  await page.waitForFunction(() => /^\d/.test(document.querySelector('[data-testid=rank]')?.textContent ?? ''));
  await page.goto(`${address}/#/leaderboard`);
  await page.locator('[data-testid=board-row]').nth(9).waitFor();
  const ranks = await ranksOnBoard();
  must(ranks[0] === 1, `the first rank is ${ranks[0]}`);
  must(ranks.slice(0, 10).every((rank, i) => i === 0 || rank === ranks[i - 1] || rank === i + 1), `ranks are ${ranks}`);
  await page.screenshot({ path: join(screenshots, 'board-360.png') });
});

async function ranksOnBoard() {
  return page
    .locator('[data-testid=board-row]')
    .evaluateAll((rows) => rows.map((row) => Number(row.dataset.rank)));
}

await step('around me, page by page, and of the season the board shows the own row or others', async () => {
  await choose('all', 'around');
  await page.locator('[data-testid=board][data-kind=all][data-rows=around] tr.own').waitFor();
  const ranks = await ranksOnBoard();
  must(ranks.every((rank, i) => i === 0 || rank >= ranks[i - 1]), `ranks around me are ${ranks}`);
  await choose('day', 'page');
  await page.getByTestId('next-page').click();
  await page.getByText('Page 2 of 2').waitFor();
  await page.locator('[data-testid=board-row]').first().waitFor();
  await choose('season', 'top');
  await page.locator('[data-testid=board][data-kind=season] [data-testid=board-row]').nth(9).waitFor();
});

await step('a star makes a friend to compare with, a code makes a league', async () => {
  await page.getByTestId('friend').first().click();
  await choose('match', 'friends');
  await page.locator('[data-testid=board][data-rows=friends] [data-testid=board-row]').nth(1).waitFor();
  must((await ranksOnBoard()).join() === '1,2' || (await ranksOnBoard()).join() === '1,1', 'friends are not ranked among themselves');
  await choose('match', 'league');
  await page.getByTestId('league-code').fill('nothing');
  await page.getByTestId('league-join').click();
  await page.getByText('There is no league with this code.').waitFor();
  await page.getByTestId('league-create').click();
  await page.locator('[data-testid=board][data-rows=league] tr.own').waitFor();
});

async function choose(kind, rows) {
  await page.locator(`[data-choice=${kind}]`).click();
  await page.locator(`[data-choice=${rows}]`).click();
}

await step('a name that is not shown is told, another one with a country is on the board', async () => {
  await page.goto(`${address}/#/you`);
  await page.getByTestId('profile-name').fill('Admin');
  await page.getByTestId('profile-save').click();
  await page.getByText('This name cannot be shown.').waitFor();
  await page.getByTestId('profile-name').fill('Asha B');
  await page.getByTestId('profile-country').selectOption('IN');
  await page.getByTestId('profile-save').click();
  await page.getByText('Saved.').waitFor();
  await page.goto(`${address}/#/leaderboard`);
  await choose('all', 'around');
  await page.locator('tr.own', { hasText: 'Asha B' }).filter({ hasText: 'IN' }).waitFor();
});

const desk = await visitor({ width: 1280, height: 800 });

await step('a host comes in with the operator token alone, and opens a show', async () => {
  await desk.goto(`${address}/#/host`);
  await desk.getByTestId('operator-token').fill('not the token of the operator');
  await desk.getByTestId('operator-enter').click();
  await desk.getByText('This is not the operator token.').waitFor();
  await desk.getByTestId('operator-token').fill(operatorToken);
  await desk.getByTestId('operator-enter').click();
  await desk.getByTestId('host-match').selectOption(' new');
  await desk.getByTestId('host-title').fill('Friday quiz');
  await desk.getByTestId('host-open').click();
  await desk.getByTestId('host-prompt').waitFor();
});

/** Asks in the host page; returns the question's card there. */
async function ask(prompt, answers) {
  await desk.getByTestId('host-prompt').fill(prompt);
  await desk.getByTestId('host-options').fill('Yes\nNo\nPerhaps');
  await desk.getByTestId('host-seconds').fill('600');
  await desk.getByTestId('host-answers').selectOption(answers);
  await desk.getByTestId('host-bonus').fill('2');
  await desk.getByTestId('host-ask').click();
  const card = desk.getByTestId('host-question').filter({ hasText: prompt });
  await card.waitFor();
  return card;
}

const settle = (card, option) => card.locator(`[data-testid=host-settle][data-option=${option}]`).click();

let card = await step('the host asks, and the player is shown the question and its rules', async () => {
  await page.goto(`${address}/?match=show-friday-quiz`);
  await page.getByTestId('question').waitFor();
  const asked = await ask('Rain before tea?', 'last');
  await state('open');
  must((await page.getByTestId('prompt').textContent()).trim() === 'Rain before tea?', 'another question is shown');
  await page.getByText('You may change your mind until the lock').waitFor();
  must((await page.getByTestId('share').count()) === 0, 'votes are shown before the answer');
  return asked;
});

await step('a device clock that is an hour wrong shows the same countdown, and its answers count', async () => {
  const slow = await visitor({ width: 360, height: 740 }, -1);
  const fast = await visitor({ width: 360, height: 740 }, 1);
  for (const wrong of [slow, fast]) {
    await wrong.goto(`${address}/?match=show-friday-quiz`);
    await wrong.getByTestId('guest').click();
    await wrong.getByTestId('countdown').waitFor();
  }
  const left = await Promise.all(
    [page, slow, fast].map(async (each) => Number.parseInt(await each.getByTestId('countdown').textContent(), 10)),
  );
  must(Math.max(...left) - Math.min(...left) <= 2 && left[0] > 500, `seconds left are ${left}`);
  await slow.getByTestId('option').nth(0).click();
  await fast.getByTestId('option').nth(1).click();
  for (const wrong of [slow, fast]) {
    await stateOf(wrong, 'accepted');
    await wrong.context().close();
  }
});

await step('after a reload in mid-question it can still be answered, and then shows all votes', async () => {
  await page.reload();
  await state('open');
  await page.getByTestId('option').nth(1).click();
  await state('accepted');
  await page.getByText('3 answers so far').waitFor();
  const shares = await page.getByTestId('share').allTextContents();
  must(shares.map((share) => Number.parseInt(share, 10)).join() === '33,67,0', `shares are ${shares}`);
});

await step('the player changes the answer, and a second reload shows the one that counts', async () => {
  await page.getByTestId('option').nth(0).click();
  await page.locator('[data-testid=option][data-option=a][data-mark=picked]').waitFor();
  await state('accepted');
  await page.reload();
  await state('accepted');
  await page.locator('[data-testid=option][data-option=a][data-mark=picked]').waitFor();
  await page.screenshot({ path: join(screenshots, 'votes-360.png') });
});

await step('the host sees how everybody answers, and settles the question', async () => {
  await card.getByText('67 %').waitFor();
  await desk.getByTestId('host-times').waitFor();
  await settle(card, 'a');
  await state('right');
  await page.waitForFunction(() => document.querySelector('[data-testid=points]')?.textContent === '10');
  await page.locator('[data-testid=figure][data-figure=streak]', { hasText: '1' }).waitFor();
});

await step('a correction is told with what it was before, and takes the points back', async () => {
  // Until the host's page has heard of it too, its buttons say what would be refused now.
  await card.and(desk.locator('[data-state=resolved]')).waitFor();
  await settle(card, 'b');
  await state('corrected');
  await page.getByText('Changed from Yes to No.').waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid=points]')?.textContent === '0');
  await page.screenshot({ path: join(screenshots, 'corrected-360.png') });
  await settle(card, 'a');
  await page.waitForFunction(() => document.querySelector('[data-testid=points]')?.textContent === '10');
});

card = await step('the next question pays the streak; the keyboard answers too', async () => {
  const before = await question.getAttribute('data-question');
  const asked = await ask('Rain after tea?', 'first');
  await freshQuestion(before);
  await page.keyboard.press('2');
  await state('accepted');
  await desk.getByTestId('host-question').first().getByTestId('host-lock').click();
  await state('locked-in');
  await settle(asked, 'b');
  await state('right');
  await page.getByText('2 points of it for your streak.').waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid=points]')?.textContent === '22');
  await desk.screenshot({ path: join(screenshots, 'host-1280.png') });
  return asked;
});

await step('a question that is taken back takes its points back', async () => {
  await card.getByTestId('host-void').click();
  await state('void');
  await page.waitForFunction(() => document.querySelector('[data-testid=points]')?.textContent === '10');
});

await step('a lost connection is told, the question stays, and comes back to life', async () => {
  const before = await question.getAttribute('data-question');
  await ask('Rain at night?', 'first');
  const id = await freshQuestion(before);
  door.shut();
  await page.locator('[data-testid=connection]:not([data-state=connected])').waitFor();
  must((await question.getAttribute('data-question')) === id, 'the question is gone');
  await page.screenshot({ path: join(screenshots, 'offline-360.png') });
  door.reopen();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  await page.getByTestId('option').first().click();
  const now = await state('accepted');
  must(now.id === id, `accepted for ${now.id}, not ${id}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(screenshots, 'play-1440.png') });
});

await step('the own figures and the rank over time are there', async () => {
  await page.goto(`${address}/?match=show-friday-quiz#/you`);
  await page.getByTestId('rank-history').waitFor();
  await page.locator('[data-testid=figure][data-figure=accuracy]', { hasText: '%' }).first().waitFor();
});

await step('nothing went wrong inside the pages', async () => must(faults.length === 0, faults.join('\n')));

await browser.close();
door.close();
