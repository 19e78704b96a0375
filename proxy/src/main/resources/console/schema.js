import { h } from './dom.js';

/** The steps of a `$ref` (RFC 6901) within the document; nothing where there is none. */
export function reference(what) {
  return what?.$ref?.startsWith('#/')
    ? what.$ref.slice(2).split('/').map(step => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    : undefined;
}

/** A JSON Schema as a nested list; of named schemas a link. */
export function schema(what) {
  const pointer = reference(what);
  if (pointer) {
    return h('a', { class: 'mono', href: `#/api/${encodeURIComponent(pointer.at(-1))}` }, pointer.at(-1));
  }
  const several = what.oneOf ?? what.anyOf ?? what.allOf;
  if (several) {
    const word = what.oneOf ? 'one of' : what.anyOf ? 'any of' : 'all of';
    return h('div', {}, h('span', { class: 'dim' }, word), h('ul', {}, several.map(one => h('li', {}, schema(one)))));
  }
  const members = Object.entries(what.properties ?? {});
  return h('div', { class: 'schema' }, h('span', { class: 'dim' }, type(what)),
    what.items ? h('div', { class: 'inner' }, schema(what.items)) : undefined,
    members.length > 0 ? h('ul', {}, members.map(([name, member]) => h('li', {},
      h('span', { class: 'mono' }, name), (what.required ?? []).includes(name) ? ' (required) ' : ' ',
      schema(member), prose(member.description)))) : undefined);
}

/** `string, 1 to 256 characters, default "a"`. */
function type(what) {
  const limits = [
    what.format,
    what.const === undefined ? undefined : `always ${JSON.stringify(what.const)}`,
    what.enum ? what.enum.map(value => JSON.stringify(value)).join(', ') : undefined,
    what.pattern ? `like ${what.pattern}` : undefined,
    range(what.minLength, what.maxLength, ' characters'),
    range(what.minimum, what.maximum, ''),
    what.default === undefined ? undefined : `default ${JSON.stringify(what.default)}`,
  ];
  return [[what.type ?? []].flat().join(' or ') || 'anything', ...limits.filter(Boolean)].join(', ');
}

function range(least, most, unit) {
  if (least === undefined && most === undefined) {
    return undefined;
  }
  return `${least ?? ''}${most === undefined ? ' or more' : ` to ${most}`}${unit}`.trim();
}

/** The little of Markdown that descriptions use: paragraphs, lists, `code` and **stress**. */
export function prose(text) {
  return text ? h('div', {}, text.split(/\n\s*\n/).map(block => block.startsWith('- ')
    ? h('ul', {}, block.slice(2).split(/\n- /).map(item => h('li', {}, inline(item))))
    : h('p', {}, inline(block)))) : undefined;
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map(part =>
    part.startsWith('`') ? h('code', {}, part.slice(1, -1)) :
      part.startsWith('**') ? h('strong', {}, part.slice(2, -2)) : part);
}
