import { fill, h } from './dom.js';

const KEY = 'admin-token';

/** The admin token, as long as this tab lives. */
export function token() {
  return sessionStorage.getItem(KEY) ?? '';
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

/** Asks for the token, then calls `done`. */
export function signIn(root, wrong, done) {
  const input = h('input', {
    id: 'token', type: 'password', autocomplete: 'off', required: true,
    'aria-describedby': 'token-hint', 'aria-invalid': wrong ? 'true' : undefined,
  });
  fill(root,
    h('form', { class: 'card narrow', onsubmit: event => {
      event.preventDefault();
      sessionStorage.setItem(KEY, input.value.trim());
      done();
    } },
      h('h1', { tabindex: '-1' }, 'Admin token'),
      wrong ? h('p', { class: 'bad', role: 'alert' }, 'That token is not the right one.') : undefined,
      h('label', { for: 'token' }, 'Token'), input,
      h('p', { id: 'token-hint', class: 'dim' },
        'The value of admin.token. It is kept in this tab only, until it is closed.'),
      h('button', { type: 'submit', class: 'main' }, 'Enter')));
  input.focus();
}
