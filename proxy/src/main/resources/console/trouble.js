import { h, setText } from './dom.js';

/** Says in the page's one place for it what is wrong; screen readers hear it once. */
export function tell(trouble, next = '') {
  setText(document.getElementById('trouble'),
    [trouble.message, next || trouble.advice].filter(Boolean).join(' '));
}

/** All is well again. */
export function calm() {
  setText(document.getElementById('trouble'), '');
}

/** What stands where something could not be shown. */
export function failed(trouble, again) {
  return h('div', { class: 'card bad', role: 'alert' },
    h('p', {}, trouble.message), h('p', {}, trouble.advice ?? ''),
    h('button', { type: 'button', onclick: again }, 'Try again'));
}
