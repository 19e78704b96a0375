import { call, withQuery } from './api.js';
import { confirm } from './dialogs.js';
import { fill, h, table } from './dom.js';
import { badge, moment, number } from './format.js';
import { choice, filters, pager } from './list.js';
import { summary, toMany } from './many.js';
import { canReplayAll, REASONS } from './reasons.js';

const PAGE = 100;
const path = id => `/admin/dead-letters/${id}`;

/** Dead letters, newest first, a page at a time; some or all of a reason are replayed or discarded. */
export async function show(root, view) {
  const { query, signal } = view;
  const reason = query.get('reason') ?? '';
  const { items, cursor } = await call('GET',
    withQuery('/admin/dead-letters', { reason, cursor: query.get('cursor') ?? '', limit: PAGE }), signal);
  const news = h('p', { id: 'news', role: 'status' });
  const again = async text => {
    await show(root, view);
    root.querySelector('#news').textContent = text;
    root.querySelector('h1').focus();
  };
  fill(root,
    h('h1', { tabindex: '-1' }, 'Dead letters'),
    filters('dead-letters', [choice('reason', 'Reason', reason, 'any', Object.keys(REASONS))]),
    reason ? h('p', { class: 'dim' }, REASONS[reason]) : undefined,
    items.length > 0 ? chosen(items, reason, again, signal) : h('p', { class: 'card' }, 'No dead letters here.'),
    news,
    pager('dead-letters', query, cursor));
}

/** The table with its boxes, and what can be done to those that are ticked. */
function chosen(items, reason, again, signal) {
  const boxes = items.map(item => h('input', { type: 'checkbox', value: item.id, 'aria-label': `Select ${item.id}`, onchange: () => count() }));
  const all = h('input', { type: 'checkbox', 'aria-label': 'Select all on this page', onchange: () => {
    boxes.forEach(box => box.checked = all.checked);
    count();
  } });
  const ticked = () => boxes.filter(box => box.checked).map(box => box.value);
  const progress = h('div', { class: 'progress', role: 'status' });
  const replay = h('button', { type: 'button', class: 'main', onclick: () => replayThose() }, 'Replay selected');
  const discard = h('button', { type: 'button', class: 'danger', onclick: () => discardThose() }, 'Discard selected');
  const everything = canReplayAll(reason) ? h('button', { type: 'button', onclick: () => replayAll(reason, progress, again, signal) },
    reason ? `Replay all “${reason.replaceAll('_', ' ')}”` : 'Replay all') : undefined;
  const count = () => {
    const some = ticked().length;
    replay.disabled = discard.disabled = some === 0;
    all.checked = some === boxes.length;
    all.indeterminate = some > 0 && some < boxes.length;
    selected.textContent = some > 0 ? `${some} of ${boxes.length} on this page selected` : '';
  };
  const selected = h('span', { class: 'dim' });

  async function replayThose() {
    const result = await toMany(progress, { verb: 'Replaying', ids: ticked(), act: id => call('POST', `${path(id)}/replay`, signal), signal });
    await again(summary('replayed', result));
  }
  async function discardThose() {
    const ids = ticked();
    if (await confirm(`Discard ${number(ids.length)} dead ${ids.length === 1 ? 'letter' : 'letters'}?`,
      'Their requests and what was said about them are gone for good.', 'Discard')) {
      const result = await toMany(progress, { verb: 'Discarding', ids, act: id => call('DELETE', path(id), signal), signal });
      await again(summary('discarded', result));
    }
  }
  count();
  return h('div', {},
    h('div', { class: 'tools' }, replay, discard, everything, selected), progress,
    table('Dead letters, newest first', [all, 'Letter', 'Reason', 'Account', 'Made (UTC)', 'What happened'],
      items.map((item, i) => line(item, boxes[i]))));
}

async function replayAll(reason, progress, again, signal) {
  const those = reason ? `all with the reason “${reason.replaceAll('_', ' ')}”` : 'all dead letters';
  if (await confirm(`Replay ${those}?`, REASONS[reason] ?? 'Some of them may have run already, such as those with the reason “unclear”.', 'Replay all', 'main')) {
    progress.replaceChildren(h('progress', { 'aria-label': 'Replaying' }), `Replaying ${those}…`);
    try {
      const { replayed, failed, failures } = await call('POST', withQuery('/admin/dead-letters/replay', { reason }), signal);
      const why = failed > 0 ? ` ${number(failed)} could not be: ${failures[0].error}.` : '';
      await again(`${number(replayed)} replayed.${why}`);
    } catch (trouble) {
      progress.replaceChildren(`${trouble.message} Those that were replayed stay so; replaying again repeats none of them.`);
    }
  }
}

function line(item, box) {
  return [
    h('td', {}, box),
    h('th', { scope: 'row' }, h('a', { class: 'mono', href: `#/dead-letters/${item.id}` }, item.id)),
    badge(item.reason ?? item.state), h('span', { class: 'cut' }, item.account ?? '–'), moment(item.created_at),
    h('span', { class: 'cut' }, item.error ?? ''),
  ];
}
