import { h } from './dom.js';

/** Asks before something that can't be undone; true for yes. Escape and Cancel are no. */
export function confirm(title, text, yes, kind = 'danger') {
  return new Promise(done => {
    const dialog = h('dialog', { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text', onclose: () => {
      dialog.remove();
      done(dialog.returnValue === 'yes');
    } },
      h('h2', { id: 'ask-title' }, title),
      h('p', { id: 'ask-text' }, text),
      h('div', { class: 'tools' },
        h('button', { type: 'button', autofocus: true, onclick: () => dialog.close('no') }, 'Cancel'),
        h('button', { type: 'button', class: kind, onclick: () => dialog.close('yes') }, yes)));
    document.body.append(dialog);
    dialog.showModal();
  });
}
