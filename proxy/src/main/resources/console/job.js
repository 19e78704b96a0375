import { call } from './api.js';
import { confirm } from './dialogs.js';
import { difference } from './difference.js';
import { facts, fill, h, table } from './dom.js';
import { badge, between, moment, number, pretty } from './format.js';
import { poll } from './poll.js';
import { canReplay, REASONS } from './reasons.js';
import { timeline } from './timeline.js';

const UNFINISHED = ['accepted', 'starting', 'running'];

/** A job; as long as it is not finished it is looked at each second. */
export async function showJob(root, { id, signal }) {
  const path = `/admin/jobs/${encodeURIComponent(id)}`;
  let job = await call('GET', path, signal);
  const body = h('div', {});
  const news = h('p', { role: 'status' });
  const cancel = h('button', { type: 'button', class: 'danger', hidden: !UNFINISHED.includes(job.state), onclick: async () => {
    if (await confirm('Cancel this job?', 'Held clients are answered 410, and a later callback changes nothing.', 'Cancel the job')) {
      await attempt(news, async () => {
        await call('DELETE', path, signal);
        draw(await call('GET', path, signal));
        news.textContent = 'Cancelled.';
      });
    }
  } }, 'Cancel the job');
  const draw = now => {
    if (JSON.stringify(now) !== body.dataset.shown) {
      body.dataset.shown = JSON.stringify(now);
      cancel.hidden = !UNFINISHED.includes(now.state);
      fill(body, about(now));
    }
    job = now;
  };
  draw(job);
  fill(root,
    h('h1', { tabindex: '-1' }, 'Job ', h('span', { class: 'mono' }, id)),
    h('div', { class: 'tools' }, cancel), news, body);
  watch(() => job, path, draw, signal);
}

function watch(job, path, draw, signal) {
  const over = new AbortController();
  signal.addEventListener('abort', () => over.abort());
  poll({
    every: 1_000,
    ask: () => UNFINISHED.includes(job().state) ? call('GET', path, signal) : over.abort(),
    show: answer => answer && draw(answer),
    signal: over.signal,
  });
}

/** A dead letter, and what can be done about it. */
export async function showLetter(root, { id, signal }) {
  const path = `/admin/dead-letters/${encodeURIComponent(id)}`;
  const letter = await call('GET', path, signal);
  const news = h('p', { role: 'status' });
  fill(root,
    h('h1', { tabindex: '-1' }, 'Dead letter ', h('span', { class: 'mono' }, id)),
    h('p', { class: 'dim' }, REASONS[letter.reason] ?? ''),
    h('div', { class: 'tools' },
      canReplay(letter.reason) ? h('button', { type: 'button', class: 'main', onclick: () => attempt(news, async () => {
        const again = await call('POST', `${path}/replay`, signal);
        news.replaceChildren('Replayed as job ', h('a', { class: 'mono', href: `#/jobs/${again.id}` }, again.id));
      }) }, 'Replay') : undefined,
      h('button', { type: 'button', class: 'danger', onclick: async () => {
        if (await confirm('Discard this dead letter?', 'Its request and what was said about it are gone for good.', 'Discard')) {
          await attempt(news, async () => {
            await call('DELETE', path, signal);
            location.hash = '#/dead-letters';
          });
        }
      } }, 'Discard')),
    news, h('div', {}, about(letter)));
}

async function attempt(news, act) {
  try {
    await act();
  } catch (trouble) {
    news.textContent = `${trouble.message} ${trouble.advice ?? ''}`;
  }
}

/** Everything that is known. */
function about(job) {
  return [
    h('section', { class: 'card' }, h('h2', {}, 'Facts'), facts([
      ['State', badge(job.state)],
      ['Reason', job.reason && job.reason !== job.state ? badge(job.reason) : ''],
      ['What happened', job.error],
      ['Account', job.account],
      ['Route', job.route],
      ['Made', moment(job.created_at)],
      ['Started', job.started_at && moment(job.started_at)],
      ['Finished', job.finished_at && moment(job.finished_at)],
      ['Took', between(job.created_at, job.finished_at)],
      ['Attempts', number(job.attempts)],
      ['Due', UNFINISHED.includes(job.state) && job.due_at ? moment(job.due_at) : ''],
      ['Job server calls it', job.job_server_id && h('span', { class: 'mono' }, job.job_server_id)],
      ['Job server’s status', job.upstream_status && String(job.upstream_status)],
      ['Replay of', job.replay_of && h('a', { class: 'mono', href: `#/jobs/${job.replay_of}` }, job.replay_of)],
      ['Delivery to', job.url],
      ['API key', job.api_key],
      ['Idempotency-Key', job.idempotency_key],
    ])),
    job.timeline?.length > 0 ? timeline(job.timeline) : undefined,
    ...(job.conflicts ?? []).map((conflict, i) => difference(job.result, conflict, i)),
    block('Request', job.request),
    block('Result', job.result),
    block('What the job server said', job.payload),
    block('Progress', job.progress),
    job.history?.length > 0 ? h('section', { class: 'card' }, h('h2', {}, 'History'),
      table('Attempts that did not simply succeed', ['Attempt', 'At (UTC)', 'Outcome', 'Detail'], job.history
        .map(one => [String(one.attempt), moment(one.at), badge(one.outcome), one.detail]))) : undefined,
  ];
}

function block(title, value) {
  return value === undefined ? undefined : h('section', { class: 'card' }, h('h2', {}, title),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': title }, pretty(value)));
}
