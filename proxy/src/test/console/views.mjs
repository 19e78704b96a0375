// Each view in light, dark and on a narrow screen: no barriers, nothing wider than the screen.
import assert from 'node:assert/strict';
import { barriers, close, job, load, open } from './browser.mjs';

const completed = await job('twice');
const refused = await job('refused-a');
const stop = load(3);
const views = {
  '#/live': page => page.getByText(/^Figures of node/),
  '#/jobs': page => page.getByRole('link', { name: 'Next page' }).or(page.getByText('End of the list')),
  [`#/jobs/${completed}`]: page => page.getByRole('heading', { name: 'Timeline' }),
  '#/dead-letters': page => page.getByRole('link', { name: refused }),
  [`#/dead-letters/${refused}`]: page => page.getByRole('button', { name: 'Replay' }),
  '#/api': page => page.getByRole('heading', { name: 'Schemas' }),
};
const pages = [];
for (const look of [{ scheme: 'light' }, { scheme: 'dark' }, { scheme: 'light', width: 360, height: 740 }]) {
  const page = await open('', look);
  pages.push(page);
  for (const [hash, shown] of Object.entries(views)) {
    await page.goto(`${process.env.ADMIN}/console${hash}`);
    await shown(page).first().waitFor();
    await page.evaluate(() => document.querySelectorAll('details').forEach(one => one.open = true));
    assert.deepEqual(await barriers(page), [], `${hash} ${JSON.stringify(look)}`);
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /undefined|NaN|\[object/, hash);
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= screen, `${hash} is ${wide} px wide on ${screen}`);
  }
  await page.goto(`${process.env.ADMIN}/console#/dead-letters/${refused}`);
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await barriers(page), []);
}
await stop();
await close(...pages);
