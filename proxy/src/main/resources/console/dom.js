/**
 * Makes an element. Children are elements or texts, and a text stays a text: nothing that a server
 * says is ever read as HTML. Attributes that are functions listen (`onclick`), `false` and
 * `undefined` leave an attribute out.
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter(child => child !== undefined && child !== null));
  return element;
}

/** Shows these in `element` instead of what was there; absent ones are left out. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(child => child !== undefined && child !== null));
}

/** A table with a caption, column headers, and rows that are arrays of cells. */
export function table(caption, headers, rows, hideCaption = false) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {},
      h('caption', { class: hideCaption ? 'unseen' : undefined }, caption),
      h('thead', {}, h('tr', {}, headers.map(header => h('th', { scope: 'col' }, header)))),
      h('tbody', {}, rows.map(cells => row(cells)))));
}

/** A row of a table; a cell that is an element of a table is taken as it is. */
export function row(cells) {
  return h('tr', {}, cells.map(cell =>
    cell instanceof HTMLTableCellElement ? cell : h('td', {}, cell ?? '')));
}

/** Facts as a list of names and values; those without a value are left out. */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** Shows `text` in `element` unless it is there already: screen readers and selections stay calm. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
