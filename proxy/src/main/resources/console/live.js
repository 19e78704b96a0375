import { call, withQuery } from './api.js';
import { chart } from './charts.js';
import { fill, h, row, setText, table } from './dom.js';
import { latency, moment, number } from './format.js';
import { nodes } from './nodes.js';
import { poll } from './poll.js';
import { calm, tell } from './trouble.js';

const CHARTS = [
  { title: 'Requests', show: number, series: [
    { key: 'held', label: 'Held' }, { key: 'in_flight', label: 'In flight' }, { key: 'waiting', label: 'Waiting' }] },
  { title: 'Jobs per second', show: number, series: [
    { key: 'accepted', label: 'Accepted' }, { key: 'ended', label: 'Ended' }, { key: 'failed', label: 'Failed' }] },
  { title: 'Latency that the proxy adds', show: latency, series: [
    { key: 'added_p50', label: 'Median (p50)' }, { key: 'added_p99', label: 'Slowest 1 % (p99)' }] },
];

const FIGURES = {
  held: 'Clients held',
  in_flight: 'Jobs in flight',
  waiting: 'Waiting',
  ended: 'Jobs per second',
  added_p99: 'Added, p99',
  dead_letters: 'Dead letters',
  circuit: 'Circuit breaker',
  pace: 'Pace',
};

const CIRCUITS = { closed: 'Closed', half_open: 'Half open', open: 'Open' };

/** What goes on, each second. */
export async function show(root, { signal }) {
  let paused = false;
  const who = h('p', { class: 'dim' }, 'Asking for figures…');
  const stretch = h('select', { id: 'window' }, [[60, '1 minute'], [120, '2 minutes'], [300, '5 minutes']]
    .map(([seconds, label]) => h('option', { value: seconds, selected: seconds === 120 }, label)));
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', paused);
  } }, 'Pause');
  const tiles = figures();
  const charts = CHARTS.map(what => chart({ ...what, signal }));
  const accounts = waitingAccounts();

  fill(root,
    h('div', { class: 'head' },
      h('div', {}, h('h1', { tabindex: '-1' }, 'Live'), who),
      h('div', { class: 'tools' }, h('label', { for: 'window' }, 'Last'), stretch, pause)),
    tiles.element,
    h('section', { class: 'charts', 'aria-label': 'Charts' }, charts.map(one => one.element)),
    h('div', { class: 'pair' }, accounts.element, nodes(signal, () => paused)));

  poll({
    every: 1_000,
    ask: () => paused ? undefined : call('GET', withQuery('/admin/live', { points: stretch.value }), signal),
    show: answer => {
      if (answer) {
        calm();
        setText(who, `Figures of node ${answer.node.id}, ${answer.node.state} since ${moment(answer.node.started_at).textContent} UTC`);
        tiles.update(answer);
        charts.forEach(one => one.update(answer.points));
        accounts.update(answer.accounts);
      }
    },
    fail: trouble => tell(trouble, 'This page keeps trying.'),
    signal,
  });
}

function figures() {
  const values = Object.fromEntries(Object.keys(FIGURES).map(key => [key, h('dd', { id: `figure-${key}` }, '–')]));
  return {
    element: h('dl', { class: 'figures', 'aria-label': 'Figures' }, Object.entries(FIGURES)
      .map(([key, label]) => h('div', { class: 'card' }, h('dt', {}, label), values[key]))),
    update({ now, points }) {
      const last = points.at(-1) ?? {};
      fill(values.held, number(now.held), ' ', h('span', { class: 'of' }, `of ${number(now.held_max)}`));
      setText(values.in_flight, number(now.in_flight));
      setText(values.waiting, number(now.waiting));
      setText(values.ended, number(last.ended));
      setText(values.added_p99, latency(last.added_p99));
      setText(values.dead_letters, number(now.dead_letters));
      setText(values.circuit, CIRCUITS[now.circuit] ?? now.circuit);
      setText(values.pace, now.pace === null ? 'Unlimited' : `${number(now.pace)}/s`);
      values.circuit.className = now.circuit === 'closed' ? '' : 'bad';
    },
  };
}

function waitingAccounts() {
  const none = h('p', { class: 'dim' }, 'Nobody waits.');
  const shown = table('Accounts with the most waiting', ['Account', 'Waiting'], [], true);
  shown.hidden = true;
  const body = shown.querySelector('tbody');
  return {
    element: h('section', { class: 'card' }, h('h2', {}, 'Accounts with the most waiting'), none, shown),
    update(accounts) {
      none.hidden = accounts.length > 0;
      shown.hidden = accounts.length === 0;
      const most = Math.max(...accounts.map(account => account.waiting));
      body.replaceChildren(...accounts.map(({ account, waiting }) => row([
        h('th', { scope: 'row' }, h('a', { href: `#${withQuery('/jobs', { account })}` }, account)),
        h('td', { class: 'measured' }, bar(waiting / most), number(waiting)),
      ])));
    },
  };
}

function bar(share) {
  const drawn = h('span', { class: 'measure', 'aria-hidden': 'true' });
  drawn.style.inlineSize = `${Math.max(share * 60, 1)}%`;
  return drawn;
}
