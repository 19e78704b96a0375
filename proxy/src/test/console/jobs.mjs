// Jobs: found by account, state and id; a timeline; two results that conflict.
import assert from 'node:assert/strict';
import { ADMIN, close, job, open } from './browser.mjs';

const id = await job('alice@example.com');
const twice = await job('twice');
await job('bob@example.com');
const known = async () => (await (await fetch(`${ADMIN}/admin/jobs/${twice}`)).json()).conflicts?.length;
while (!(await known())) await new Promise(done => setTimeout(done, 50));
const page = await open('#/jobs', { expected: /404/ });

await page.getByLabel('Account').fill('alice@example.com');
await page.getByLabel('State').selectOption('completed');
await page.getByRole('button', { name: 'Search' }).click();
await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
await page.getByRole('link', { name: id }).click();

const events = page.getByRole('heading', { name: 'Timeline' }).locator('xpath=..').getByRole('listitem');
await events.filter({ hasText: 'Accepted' }).first().waitFor();
await events.filter({ hasText: 'Attempt 1' }).first().waitFor();
await events.filter({ hasText: 'Callback' }).first().waitFor();
const bars = await page.locator('.timeline .bar').evaluateAll(all => all.map(bar => bar.getBoundingClientRect().width));
assert.ok(Math.max(...bars) > 20, `bars are drawn: ${bars}`);
await page.getByRole('region', { name: 'Result', exact: true }).getByText('"state": "completed"').waitFor();

await page.getByRole('link', { name: 'Jobs' }).click();
await page.getByLabel('Job id').fill(twice);
await page.getByRole('button', { name: 'Search' }).click();
const diff = page.getByRole('region', { name: 'Conflicting result' });
await diff.locator('del', { hasText: '−   "proof": "first"' }).waitFor();
await diff.locator('ins', { hasText: '+   "proof": "second"' }).waitFor();

await page.goto(page.url().replace(twice, '00000000-0000-7000-8000-000000000000'));
await page.getByRole('alert').getByText('No such job.').waitFor();
await close(page);
