import { h } from './dom.js';
import { moment, pretty } from './format.js';

/** The result that stands and one that came second, line by line, by jsdiff. */
export function difference(result, conflict, index) {
  const parts = globalThis.Diff.diffLines(pretty(result ?? ''), pretty(conflict.body));
  const title = `Conflicting result${index > 0 ? ` ${index + 1}` : ''}`;
  return h('section', { class: 'card' },
    h('h2', {}, title),
    h('p', { class: 'dim' }, 'Came at ', moment(conflict.at), '. The first result stands; lines with − are in it only, lines with + in this one only.'),
    h('pre', { class: 'diff', tabindex: '0', role: 'region', 'aria-label': title }, parts.map(drawn)));
}

function drawn({ value, added, removed }) {
  const sign = added ? '+ ' : removed ? '− ' : '  ';
  const text = value.replace(/\n$/, '').split('\n').map(line => sign + line).join('\n') + '\n';
  return h(added ? 'ins' : removed ? 'del' : 'span', {}, text);
}
