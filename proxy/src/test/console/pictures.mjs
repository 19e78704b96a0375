// The pictures of the documentation. Figures of the live view are made up; letters and jobs are real.
import { close, job, open } from './browser.mjs';

const { PICTURES } = process.env;
const SECONDS = 120;
const now = Date.now();
const noise = i => Math.sin(i * 12.9898) * 43758.5453 % 1;

const points = Array.from({ length: SECONDS }, (_, i) => {
  const load = 260 + 110 * Math.sin(i / 19) + 18 * noise(i);
  const slow = i > 70 && i < 84 ? 1 : 0;
  return {
    at: new Date(now - (SECONDS - i) * 1_000).toISOString(),
    held: Math.round(load * (0.62 + 0.5 * slow)), in_flight: Math.round(load * (0.71 + 0.55 * slow)), waiting: Math.round(load * (0.12 + 0.45 * slow)),
    accepted: load, ended: load * (1 - 0.25 * slow), failed: Math.max(0, 1.5 + 2 * noise(i + 7) + 14 * slow), callbacks: load,
    added_p50: 0.0016 + 0.0003 * Math.abs(noise(i)), added_p99: 0.0062 + 0.003 * Math.abs(noise(i + 3)) + 0.009 * slow, job_p50: 0.52, job_p99: 0.71,
  };
});
const last = points.at(-1);
const live = {
  node: { id: 'a41c09be', state: 'serving', started_at: new Date(now - 7.4e6).toISOString(), seen_at: last.at, held: last.held },
  now: { at: last.at, held: last.held, held_max: 15_000, in_flight: last.in_flight, waiting: last.waiting, dead_letters: 37, circuit: 'closed', pace: 350 },
  points, accounts: [['reports@example.com', 19], ['nightly@example.org', 9], ['a@b.c', 4], ['c.miller@example.com', 2]].map(([account, waiting]) => ({ account, waiting })),
};
const nodes = ['a41c09be', '7be20d13', 'f00d51ce'].map((id, i) => (
  { id, state: i === 2 ? 'draining' : 'serving', started_at: new Date(now - 7.4e6 + i * 61_000).toISOString(), seen_at: new Date(now - i * 300).toISOString(), held: last.held - i * 17 }));

for (const account of ['reports@example.com', 'nightly@example.org', 'a@b.c', 'c.miller@example.com']) {
  await job(account);
}
const letters = [];
for (let i = 0; i < 9; i++) {
  letters.push(await job(i % 3 === 1 ? `broken-${i}@example.com` : `refused-${i}@example.com`));
}
const slow = await job('retried@example.com');

const pages = [];
async function picture(name, hash, shown, look = {}) {
  const page = await open(hash, { width: 1280, height: 860, ...look, before: async early => {
    await early.route('**/admin/live?*', route => route.fulfill({ json: live }));
    await early.route('**/admin/nodes', route => route.fulfill({ json: { items: nodes } }));
  } });
  pages.push(page);
  await page.getByText(shown).first().waitFor();
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.screenshot({ path: `${PICTURES}/console-${name}.png` });
}
await picture('live', '#/live', 'f00d51ce');
await picture('live-dark', '#/live', 'f00d51ce', { scheme: 'dark' });
await picture('live-narrow', '#/live', 'f00d51ce', { width: 390, height: 844 });
await picture('dead-letters', '#/dead-letters', letters[0], { height: 620 });
await picture('timeline', `#/jobs/${slow}`, 'Timeline', { height: 760 });
await close(...pages);
