// A browser at the console, and what every scenario does with it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const { ADMIN, PROXY } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
let browser;

/**
 * A page at `hash` of the console. Whatever the browser complains of fails the scenario at its end,
 * but for what `expected` matches.
 */
export async function open(hash, { scheme = 'light', width = 1280, height = 900, expected = /^$/, before = () => {} } = {}) {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGS });
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.complaints = [];
  const complain = text => expected.test(text) || page.complaints.push(text);
  page.on('console', message => ['error', 'warning'].includes(message.type()) && complain(message.text()));
  page.on('pageerror', error => complain(String(error)));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation',
    event => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
  await before(page);
  await page.goto(`${ADMIN}/console${hash}`);
  return page;
}

/** The end of a scenario. */
export async function close(...pages) {
  const complaints = pages.flatMap(page => page.complaints);
  for (const page of pages) {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
  assert.deepEqual(complaints, []);
  await browser.close();
}

/** Looks again until `condition` is true, for 30 s at most. */
export async function until(condition) {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `within 30 s: ${condition}`);
    await new Promise(done => setTimeout(done, 10));
  }
}

/** A job of `account`, which says what becomes of it (see ConsoleTest). Answers its id. */
export async function job(account, more = {}) {
  const answer = await fetch(`${PROXY}/proxy`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ account, ...more }),
  });
  await answer.arrayBuffer();
  return answer.headers.get('job-id');
}

/** Jobs of several accounts without a pause, until the answer is called. */
export function load(width = 20) {
  let on = true;
  const client = async account => {
    while (on) {
      await job(account);
    }
  };
  const clients = Array.from({ length: width }, (_, i) => client(`load-${i % 3}`));
  return async () => {
    on = false;
    await Promise.all(clients);
  };
}

export async function admin(path) {
  return (await fetch(`${ADMIN}${path}`)).json();
}

/** Presses Tab until what has the focus is called `name`. */
export async function tabTo(page, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() =>
      document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim());
    if (focused === name) {
      return;
    }
  }
  assert.fail(`Tab never came to ${name}`);
}

/** What axe-core finds, that is serious or critical. */
export async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`);
}
