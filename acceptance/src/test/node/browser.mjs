// A person's round of the game in a real Chromium, at phone size.
// Usage: node browser.mjs WEB_FOLDER CHROMIUM PORT SCREENSHOT_FOLDER. Prints each step; exit code 0
// where all of them went well.
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const [webFolder, executablePath, port, screenshots] = process.argv.slice(2);
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
const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
page.setDefaultTimeout(PATIENCE_MS);
const faults = [];
page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));

const question = page.getByTestId('question');

/** Waits until the question card is in one of these states; returns which and of which question. */
async function state(...wanted) {
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

const first = await step('a question opens with a countdown', async () => {
  const id = await freshQuestion();
  await page.getByTestId('countdown').waitFor();
  return id;
});

await step('one tap answers, and the answer is accepted', async () => {
  await page.getByTestId('option').first().click();
  const now = await state('accepted', 'locked-in');
  must(now.id === first, `accepted for ${now.id}, not ${first}`);
  await page.screenshot({ path: join(screenshots, 'accepted-360.png') });
});

await step('after the ball the page says right or wrong', async () => {
  const now = await state('right', 'wrong', 'corrected');
  must(now.id === first, `settled ${now.id}, not ${first}`);
  await page.screenshot({ path: join(screenshots, 'settled-360.png') });
});

await step('the own rank and the ten best are there', async () => {
  await page.waitForFunction(() => /^\d/.test(document.querySelector('[data-testid=rank]')?.textContent ?? ''));
  await page.goto(`${address}/#/leaderboard`);
  await page.locator('[data-testid=board-row]').nth(9).waitFor();
  const rows = await page.locator('[data-testid=board-row]').evaluateAll((all) =>
    all.map((row) => ({ rank: Number(row.dataset.rank), score: Number(row.dataset.score ?? NaN), player: row.dataset.player })),
  );
  const ranks = rows.slice(0, 10).map((row) => row.rank);
  must(ranks[0] === 1, `the first rank is ${ranks[0]}`);
  must(ranks.every((rank, i) => i === 0 || rank === ranks[i - 1] || rank === i + 1), `ranks are ${ranks}`);
  await page.screenshot({ path: join(screenshots, 'board-360.png') });
  await page.goto(`${address}/#/`);
});

await step('a reload in mid-question keeps the question, the player and the chance to answer', async () => {
  const points = await page.getByTestId('points').textContent();
  const id = await freshQuestion(first);
  await page.reload();
  const now = await state('open');
  must(now.id === id, `after the reload the question is ${now.id}, not ${id}`);
  await page.waitForFunction((old) => document.querySelector('[data-testid=points]')?.textContent === old, points);
  await page.getByTestId('option').nth(1).click();
  const then = await state('accepted', 'locked-in');
  must(then.id === id, `accepted for ${then.id}, not ${id}`);
});

await step('a second reload still shows the accepted answer', async () => {
  await page.reload();
  await state('accepted', 'locked-in', 'right', 'wrong');
});

await step('a lost connection is told, the question stays, and comes back to life', async () => {
  await state('right', 'wrong');
  const id = await freshQuestion();
  door.shut();
  await page.locator('[data-testid=connection]:not([data-state=connected])').waitFor();
  must((await question.getAttribute('data-question')) === id, 'the question is gone');
  await page.screenshot({ path: join(screenshots, 'offline-360.png') });
  door.reopen();
  await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  const next = await freshQuestion(id);
  await page.getByTestId('option').first().click();
  const now = await state('accepted', 'locked-in');
  must(now.id === next, `accepted for ${now.id}, not ${next}`);
});

await step('the keyboard answers too', async () => {
  const id = await freshQuestion(await question.getAttribute('data-question'));
  await page.keyboard.press('2');
  const now = await state('accepted', 'locked-in');
  must(now.id === id, `accepted for ${now.id}, not ${id}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(screenshots, 'play-1440.png') });
});

await step('nothing went wrong inside the page', async () => must(faults.length === 0, faults.join('\n')));

await browser.close();
door.close();
