// Where there is an admin token the page comes without it, asks for it, and keeps it in the tab.
import assert from 'node:assert/strict';
import { close, open } from './browser.mjs';

const page = await open('#/dead-letters', { expected: /401/ });
const input = page.getByLabel('Token', { exact: true });
await input.waitFor();
assert.equal(await input.evaluate(field => field === document.activeElement), true);
await page.keyboard.type('wrong');
await page.keyboard.press('Enter');
await page.getByText('That token is not the right one.').waitFor();
await input.fill('s3cret');
await page.keyboard.press('Enter');
await page.getByText('No dead letters here.').waitFor();
await page.getByRole('link', { name: 'Live' }).click();
await page.getByRole('rowheader').first().waitFor();
assert.equal(await page.evaluate(() => sessionStorage.getItem('admin-token')), 's3cret');
await page.getByRole('button', { name: 'Forget the token' }).click();
await input.waitFor();
assert.equal(await page.evaluate(() => sessionStorage.getItem('admin-token')), null);
await close(page);
