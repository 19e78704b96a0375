// A tab that nobody sees asks for nothing; time is moved by hand.
import assert from 'node:assert/strict';
import { close, open } from './browser.mjs';

const hide = hidden => page.evaluate(value => {
  Object.defineProperty(document, 'hidden', { value, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden);
let asked = 0;
const page = await open('#/live', { before: async early => {
  await early.clock.install();
  early.on('request', request => asked += request.url().includes('/admin/') ? 1 : 0);
} });
await page.getByText(/^Figures of node/).waitFor();
await page.clock.pauseAt(Date.now() + 3_600_000);
await hide(true);
await page.clock.runFor(10_000); // who rests now wakes up, and sees that it is not seen
await page.waitForLoadState('networkidle');
const before = asked;
await page.clock.runFor(60_000);
assert.equal(asked, before);
const woken = page.waitForRequest('**/admin/live?*');
await hide(false);
await woken;
await close(page);
