import { call } from './api.js';
import { h, row, setText, table } from './dom.js';
import { badge, moment, number, span } from './format.js';
import { poll } from './poll.js';

const QUIET_MS = 5_000;
const REMEMBERED_MS = 120_000;

/** The nodes, and for two minutes those that have gone: a node that dies is seen to go. */
export function nodes(signal, paused) {
  const shown = table('Nodes', ['Node', 'State', 'Held', 'Heard from', 'Since'], [], true);
  const news = h('p', { class: 'dim', role: 'status' });
  const body = shown.querySelector('tbody');
  const known = new Map();
  poll({
    every: 2_000,
    ask: () => paused() ? undefined : call('GET', '/admin/nodes', signal),
    show: answer => {
      if (answer) {
        const gone = remember(known, answer.items);
        setText(news, gone.length > 0 ? `Gone: ${gone.join(', ')}. Its jobs are adopted by the others.` : '');
        body.replaceChildren(...[...known.values()].map(line));
      }
    },
    signal,
  });
  return h('section', { class: 'card' }, h('h2', {}, 'Nodes'), shown, news);
}

/** Who is listed, by the newest clock among them: nobody's own clock need be exact. */
function remember(known, items) {
  const newest = Math.max(...items.map(node => Date.parse(node.seen_at)));
  for (const node of items) {
    known.set(node.id, { ...node, quietMs: newest - Date.parse(node.seen_at), goneAt: undefined });
  }
  const living = new Set(items.map(node => node.id));
  for (const [id, node] of known) {
    if (!living.has(id)) {
      node.goneAt ??= newest;
      if (newest - node.goneAt > REMEMBERED_MS) {
        known.delete(id);
      }
    }
  }
  return [...known.values()].filter(node => node.goneAt).map(node => node.id);
}

function line(node) {
  const state = node.goneAt ? 'gone' : node.quietMs > QUIET_MS ? 'quiet' : node.state;
  const drawn = row([
    h('th', { scope: 'row', class: 'mono' }, node.id), badge(state), number(node.held),
    node.goneAt ? 'no more' : node.quietMs < 1_000 ? 'now' : `${span(node.quietMs)} ago`, moment(node.started_at),
  ]);
  drawn.className = state;
  return drawn;
}
