// The live view: charts move under load, a node that dies is seen to go, trouble is said and ends.
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

// A second node comes, and dies.
const node = { id: 'dead0001', state: 'serving', started_at: new Date().toISOString(), held: 3 };
let nodes = 2;
await page.route('**/admin/nodes', async route => {
  const real = await (await route.fetch()).json();
  const items = nodes === 2 ? [...real.items, { ...node, seen_at: new Date().toISOString() }] : real.items;
  return route.fulfill({ json: { items } });
});
const row = page.getByRole('row', { name: /dead0001/ });
await row.getByText('serving').waitFor();
nodes = 1;
await row.getByText('gone', { exact: true }).waitFor();
await page.getByText('Gone: dead0001').waitFor();

// The server goes away and comes back.
const away = route => route.abort();
await page.route('**/admin/live?*', away);
await page.getByText('The server can’t be reached. This page keeps trying.').waitFor();
await page.unroute('**/admin/live?*', away);
await page.waitForFunction(() => document.getElementById('trouble').textContent === '');
assert.equal(await page.title(), 'Live – Async Proxy');
await close(page);
