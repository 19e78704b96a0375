import { h } from './dom.js';
import { badge, span } from './format.js';

const WORDS = {
  accepted: 'Accepted', attempt: 'Attempt', progress: 'Progress', callback: 'Callback', overdue: 'Overdue',
  answer: 'Client answered', delivery: 'Delivery', sweep: 'Sweeper', ended: 'Ended',
};

/**
 * What happened to a job, as a list in the order of time; each row has a bar of its own share of the
 * whole. An event's time is its end: what it took lies before it (solid), what was then waited for
 * lies behind it (pale).
 */
export function timeline(events) {
  const first = Math.min(...events.map(begin));
  const whole = Math.max(end(events.at(-1)) - first, 1);
  return h('section', { class: 'card' },
    h('h2', {}, 'Timeline'),
    h('p', { class: 'dim' }, `${events.length} events in ${span(whole)}, from ${events[0].at}`),
    h('ol', { class: 'timeline' }, events.map((event, i) => line(event, events[i + 1], first, whole))));
}

const end = event => Date.parse(event.at);
const begin = event => end(event) - (event.took_ms ?? 0);

function line(event, next, first, whole) {
  const waited = next ? Math.max(begin(next) - end(event), 0) : 0;
  const share = ms => `${(ms / whole) * 100}%`;
  const start = ms => `min(${share(ms)}, 100% - 4px)`; // what comes at the very end is seen as well
  const solid = h('span', { class: `bar ${event.event}` });
  solid.style.insetInlineStart = start(begin(event) - first);
  solid.style.inlineSize = share(event.took_ms ?? 0);
  const pale = h('span', { class: 'bar waited' });
  pale.style.insetInlineStart = share(end(event) - first);
  pale.style.inlineSize = share(waited);
  return h('li', {},
    h('div', { class: 'said' },
      h('span', { class: 'offset mono' }, `+${span(end(event) - first)}`),
      h('strong', {}, WORDS[event.event] ?? event.event, event.attempt ? ` ${event.attempt}` : ''),
      event.outcome ? badge(event.outcome) : undefined,
      event.took_ms === undefined ? undefined : h('span', {}, `took ${span(event.took_ms)}`),
      event.node ? h('span', { class: 'dim' }, 'node ', h('span', { class: 'mono' }, event.node)) : undefined,
      event.detail ? h('span', { class: 'dim' }, event.detail) : undefined,
      waited >= 1 ? h('span', { class: 'unseen' }, `, then ${span(waited)} until the next`) : undefined),
    h('div', { class: 'track', 'aria-hidden': 'true' }, pale, solid));
}
