import * as api from './openapi.js';
import * as job from './job.js';
import * as jobs from './jobs.js';
import * as letters from './letters.js';
import * as live from './live.js';
import { forget, signIn, token } from './session.js';
import { calm, failed } from './trouble.js';

/** By the first part of the address behind the `#`; the second is an id. */
const VIEWS = {
  live: { title: 'Live', show: live.show },
  jobs: { title: 'Jobs', show: jobs.show, one: job.showJob },
  'dead-letters': { title: 'Dead letters', show: letters.show, one: job.showLetter },
  api: { title: 'API', show: api.show, one: api.show },
};

const main = document.getElementById('main');
const forgetButton = document.getElementById('forget');
let leaving = new AbortController();

function address() {
  const [path, query] = location.hash.slice(1).split('?');
  const [, name, id] = path.split('/');
  return { name: VIEWS[name] ? name : 'live', id: id && decodeURIComponent(id), query: new URLSearchParams(query) };
}

/** Leaves what is shown (its requests end with it) and shows what the address says. */
async function go(moveFocus) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const { name, id, query } = address();
  const view = VIEWS[name];
  calm();
  forgetButton.hidden = !token();
  document.title = `${view.title}${id ? ` ${id}` : ''} – Async Proxy`;
  for (const link of document.querySelectorAll('nav a')) {
    link.hash === `#/${name}` ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  try {
    await (id ? view.one : view.show)(main, { id, query, signal });
  } catch (trouble) {
    if (signal.aborted) {
      return;
    }
    main.replaceChildren(failed(trouble, () => go(true)));
  }
  if (moveFocus && !signal.aborted) {
    (main.querySelector('h1') ?? main).focus();
  }
}

addEventListener('hashchange', () => go(true));
document.addEventListener('unauthorized', event => {
  leaving.abort();
  calm();
  forgetButton.hidden = true;
  signIn(main, event.detail.wrong, () => go(true));
});
forgetButton.addEventListener('click', () => {
  forget();
  go(true);
});
document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault(); // the hash is the address of a view
  main.focus();
});
go(false);
