import { call } from './api.js';
import { fill, h, table } from './dom.js';
import { badge } from './format.js';
import { prose, reference, schema } from './schema.js';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace'];

// Of renderers by others none fitted this page's policy (docs/design-decisions.md).

/** The HTTP API as `/openapi.json` describes it; an id is the name of a schema to go to. */
export async function show(root, { id, signal }) {
  const api = await call('GET', '/openapi.json', signal);
  const operations = Object.entries(api.paths ?? {}).flatMap(([path, item]) => METHODS
    .filter(method => item[method])
    .map(method => operation(api, method, path, item)));
  fill(root,
    h('h1', { tabindex: '-1' }, api.info?.title ?? 'API', ' ', h('span', { class: 'dim' }, api.info?.version ?? '')),
    prose(api.info?.description),
    h('p', {}, h('a', { href: '/openapi.json' }, 'openapi.json'), h('span', { class: 'dim' }, ' for tools that make clients of it')),
    h('section', {}, h('h2', {}, 'Operations'), operations),
    h('section', {}, h('h2', {}, 'Schemas'), Object.entries(api.components?.schemas ?? {}).map(([name, what]) =>
      h('details', { class: 'card', id: `schema-${name}`, open: name === id },
        h('summary', {}, h('span', { class: 'mono' }, name)), prose(what.description), schema(what)))));
  if (id) {
    document.getElementById(`schema-${id}`)?.scrollIntoView();
  }
}

function operation(api, method, path, item) {
  const what = item[method];
  const parameters = [...(item.parameters ?? []), ...(what.parameters ?? [])].map(one => resolve(api, one));
  const body = resolve(api, what.requestBody);
  return h('details', { class: 'card operation' },
    h('summary', {}, h('span', { class: `method ${method}` }, method.toUpperCase()), h('span', { class: 'mono' }, path), ' ', what.summary ?? ''),
    prose(what.description),
    parameters.length > 0 ? table('Parameters', ['Name', 'In', 'Type', 'What it is'], parameters.map(one => [
      h('th', { scope: 'row' }, h('span', { class: 'mono' }, one.name), one.required ? ' (required)' : ''),
      one.in, schema(one.schema ?? {}), prose(one.description)])) : undefined,
    body ? h('div', {}, h('h3', {}, `Body${body.required ? ' (required)' : ''}`), prose(body.description), content(body.content)) : undefined,
    table('Answers', ['Status', 'When', 'Body'], Object.entries(what.responses ?? {}).map(([status, given]) => {
      const answer = resolve(api, given);
      return [h('th', { scope: 'row' }, badge(status)), prose(answer.description), content(answer.content)];
    })));
}

function content(types) {
  return h('div', {}, Object.entries(types ?? {}).map(([type, { schema: shape }]) =>
    h('div', {}, h('span', { class: 'mono dim' }, type), schema(shape ?? {}))));
}

/** What a `$ref` within the document stands for. */
function resolve(api, what) {
  const pointer = reference(what);
  return pointer ? pointer.reduce((part, name) => part?.[name], api) ?? {} : what;
}
