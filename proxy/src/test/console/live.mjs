// The live view: charts move under load, trouble is said and ends.
import assert from 'node:assert/strict';
import { close, load, open } from './browser.mjs';

const page = await open('', { expected: /net::ERR_FAILED/ });
const stop = load();
const drawn = chart => page.getByRole('img', { name: chart }).locator('canvas').evaluate(canvas => canvas.toDataURL());

await page.getByRole('img', { name: /^Jobs per second, now: Accepted [\d.,]*[1-9]/ }).waitFor();
await page.getByRole('img', { name: /^Requests, now: Held [1-9]/ }).waitFor();
for (const chart of [/^Requests/, /^Jobs per second/, /^Latency/]) {
  const before = await drawn(chart);
  await page.waitForFunction(([label, old]) => [...document.querySelectorAll('.plot')]
    .find(plot => new RegExp(label).test(plot.getAttribute('aria-label'))).querySelector('canvas').toDataURL() !== old,
  [chart.source, before]);
}
await page.locator('#figure-held', { hasText: / of [1-9]/ }).waitFor();
await stop();
await page.getByRole('img', { name: /^Requests, now: Held 0/ }).waitFor();

// The server goes away and comes back.
const away = route => route.abort();
await page.route('**/admin/live?*', away);
await page.getByText('The server can’t be reached. This page keeps trying.').waitFor();
await page.unroute('**/admin/live?*', away);
await page.waitForFunction(() => document.getElementById('trouble').textContent === '');
assert.equal(await page.title(), 'Live – Async Proxy');
await close(page);
