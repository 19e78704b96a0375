import { h } from './dom.js';

/**
 * Where one goes from a page of a list. Pages are addresses, so that the browser's own way back is
 * the page before; there is never more than one page of rows, however long the list is.
 */
export function pager(view, query, cursor) {
  const to = changes => {
    const next = new URLSearchParams(query);
    Object.entries(changes).forEach(([name, value]) => value ? next.set(name, value) : next.delete(name));
    return `#/${view}?${next}`;
  };
  return h('nav', { class: 'pager', 'aria-label': 'Pages of the list' },
    query.get('cursor') ? h('a', { href: to({ cursor: '' }) }, 'First page') : undefined,
    cursor ? h('a', { href: to({ cursor }) }, 'Next page') : h('span', { class: 'dim' }, 'End of the list'));
}

/** A form whose fields make the address of the list. */
export function filters(view, fields) {
  return h('form', { class: 'filters', role: 'search', onsubmit: event => {
    event.preventDefault();
    const wanted = [...new FormData(event.target)].filter(([, value]) => value.trim() !== '');
    const hash = `#/${view}?${new URLSearchParams(wanted.map(([name, value]) => [name, value.trim()]))}`;
    hash === location.hash ? dispatchEvent(new HashChangeEvent('hashchange')) : location.hash = hash;
  } }, fields, h('button', { type: 'submit', class: 'main' }, 'Search'));
}

export function field(name, label, value, attributes = {}) {
  return h('div', {}, h('label', { for: `by-${name}` }, label),
    h('input', { id: `by-${name}`, name, value: value ?? '', autocomplete: 'off', spellcheck: 'false', ...attributes }));
}

export function choice(name, label, value, all, options) {
  return h('div', {}, h('label', { for: `by-${name}` }, label),
    h('select', { id: `by-${name}`, name },
      h('option', { value: '' }, all),
      options.map(option => h('option', { value: option, selected: option === value }, option.replaceAll('_', ' ')))));
}
