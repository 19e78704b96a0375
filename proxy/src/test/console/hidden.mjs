// A tab that nobody sees asks for nothing; time is moved by hand.
import assert from 'node:assert/strict';
import { close, open, until } from './browser.mjs';

const hide = hidden => page.evaluate(value => {
  Object.defineProperty(document, 'hidden', { value, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden);
const isAdmin = request => request.url().includes('/admin/');
let asked = 0;
let pending = 0;
const page = await open('#/live', { before: async early => {
  await early.clock.install();
  early.on('request', request => isAdmin(request) && asked++ + pending++);
  early.on('requestfinished', request => isAdmin(request) && pending--);
} });
await page.getByText(/^Figures of node/).waitFor();
await page.clock.pauseAt(Date.now() + 3_600_000);
await hide(true);
await until(() => pending === 0);
await page.clock.runFor(10_000); // who rests now wakes up, and sees that nobody looks
const before = asked;
for (let i = 0; i < 5; i++) {
  await page.clock.runFor(10_000);
  await until(() => pending === 0);
}
assert.equal(asked, before);
const woken = page.waitForRequest('**/admin/live?*');
await hide(false);
await Promise.all([woken, page.clock.runFor(10_000)]);
await close(page);
