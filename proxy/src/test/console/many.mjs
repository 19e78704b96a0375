// Many dead letters: by pages, discarded after a question, replayed by reason.
import assert from 'node:assert/strict';
import { admin, close, job, open } from './browser.mjs';

const PAGE = 100;
await Promise.all(Array.from({ length: 130 }, (_, i) => job(`refused-${i}`)));
const page = await open('#/dead-letters');
const boxes = page.locator('tbody input[type=checkbox]');
const counted = number => page.waitForFunction(wanted => document.querySelectorAll('tbody input').length === wanted, number);
const letters = async () => (await admin('/admin/dead-letters?limit=1000')).items.length;

// Pages; the browser's own way back is the page before.
await counted(PAGE);
await page.getByRole('link', { name: 'Next page' }).click();
await counted(30);
await page.goBack();
await counted(PAGE);

// A question, and no is no.
await page.getByLabel('Select all on this page').check();
await page.getByText('100 of 100 on this page selected').waitFor();
await page.getByRole('button', { name: 'Discard selected' }).click();
await page.getByRole('dialog').getByText('Discard 100 dead letters?').waitFor();
assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
await page.keyboard.press('Escape');
await page.getByRole('dialog').waitFor({ state: 'detached' });
assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Discard selected');
assert.equal(await letters(), 130);

// Yes is yes, and says how far it is.
await page.evaluate(() => new MutationObserver(() =>
  globalThis.progressSeen ||= document.querySelector('progress')?.value > 0).observe(document.querySelector('.progress'), { subtree: true, childList: true, characterData: true }));
await page.getByRole('button', { name: 'Discard selected' }).click();
await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
await page.getByText('100 discarded.').waitFor();
assert.equal(await page.evaluate(() => globalThis.progressSeen), true);
await counted(30);
assert.equal(await letters(), 30);

// One that went meanwhile is said.
await boxes.first().check();
await fetch(`${process.env.ADMIN}/admin/dead-letters/${await boxes.first().inputValue()}`, { method: 'DELETE' });
await page.getByRole('button', { name: 'Discard selected' }).click();
await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
await page.getByText('0 discarded. 1 failed: No such dead letter.').waitFor();
page.complaints = page.complaints.filter(text => !text.includes('404'));

// All of one reason.
await page.getByLabel('Reason').selectOption('refused');
await page.getByRole('button', { name: 'Search' }).click();
await page.getByRole('button', { name: 'Replay all “refused”' }).click();
await page.getByRole('dialog').getByRole('button', { name: 'Replay all' }).click();
await page.getByText('29 replayed.').waitFor();
const { items } = await admin('/admin/jobs?limit=1000');
assert.equal(items.filter(one => one.replay_of).length, 29);
await close(page);
