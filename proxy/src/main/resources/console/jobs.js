import { call, withQuery } from './api.js';
import { fill, h, table } from './dom.js';
import { badge, between, moment } from './format.js';
import { choice, field, filters, pager } from './list.js';

const PAGE = 50;
const STATES = ['accepted', 'starting', 'running', 'completed', 'failed', 'expired', 'cancelled'];

/** Jobs, newest first, a page at a time. An id leads to the job itself. */
export async function show(root, { query, signal }) {
  if (query.get('id')) {
    location.replace(`#/jobs/${encodeURIComponent(query.get('id'))}`);
    return;
  }
  const asked = { state: query.get('state') ?? '', account: query.get('account') ?? '', cursor: query.get('cursor') ?? '' };
  const { items, cursor } = await call('GET', withQuery('/admin/jobs', { ...asked, limit: PAGE }), signal);
  fill(root,
    h('h1', { tabindex: '-1' }, 'Jobs'),
    filters('jobs', [
      field('id', 'Job id', '', { size: 36 }),
      choice('state', 'State', asked.state, 'any', STATES),
      field('account', 'Account', asked.account),
    ]),
    items.length > 0 ? table('Jobs, newest first', ['Job', 'State', 'Account', 'Made (UTC)', 'Took', 'Attempts'], items.map(line)) :
      h('p', { class: 'card' }, 'No such jobs. Those that are finished are kept for job.retention.'),
    pager('jobs', query, cursor));
}

function line(job) {
  return [
    h('th', { scope: 'row' }, h('a', { class: 'mono', href: `#/jobs/${job.id}` }, job.id)),
    badge(job.state), h('span', { class: 'cut' }, job.account), moment(job.created_at),
    between(job.created_at, job.finished_at), String(job.attempts),
  ];
}
