// Without a mouse: a dead letter is found, shown and replayed, and completes.
import assert from 'node:assert/strict';
import { admin, close, job, open, tabTo } from './browser.mjs';

const id = await job('once-a', { order: 4711 });
const page = await open('#/live');
const focusedHeading = name => page.locator('h1:focus', { hasText: name }).waitFor();

await tabTo(page, 'Skip to content');
await tabTo(page, 'Dead letters');
await page.keyboard.press('Enter');
await focusedHeading('Dead letters');
await tabTo(page, id);
await page.keyboard.press('Enter');
await focusedHeading(`Dead letter ${id}`);
await page.getByRole('region', { name: 'What the job server said' }).getByText('<html>teapot</html>').waitFor();
await page.getByRole('region', { name: 'Request' }).getByText('"order": 4711').waitFor();
await tabTo(page, 'Replay');
await page.keyboard.press('Enter');
const link = page.getByRole('status').getByRole('link');
await link.waitFor();
const again = await link.textContent();
await tabTo(page, again);
await page.keyboard.press('Enter');
await focusedHeading(`Job ${again}`);
await page.locator('.facts .badge.completed').waitFor();
const repeated = await admin(`/admin/jobs/${again}`);
assert.equal(repeated.state, 'completed');
assert.equal(repeated.replay_of, id);
await close(page);
