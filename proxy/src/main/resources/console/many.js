import { h, setText } from './dom.js';

const AT_ONCE = 6;

/**
 * Does `act` to each of `ids`, a few at a time, and shows how far it is. Stops when told to, or when
 * three failed in a row; what failed is said with its reason.
 *
 * @return how many were done and what failed
 */
export async function toMany(root, { verb, ids, act, signal }) {
  const bar = h('progress', { max: ids.length, value: 0, 'aria-label': verb });
  const text = h('span', {}, `${verb}: 0 of ${ids.length}`);
  const stop = h('button', { type: 'button', onclick: () => queue.length = 0 }, 'Stop');
  root.replaceChildren(bar, text, stop);
  const queue = [...ids];
  const failures = [];
  let done = 0;
  let row = 0;
  const work = async () => {
    for (let id = queue.shift(); id !== undefined && !signal.aborted; id = queue.shift()) {
      try {
        await act(id);
        done++;
        row = 0;
      } catch (trouble) {
        failures.push({ id, trouble });
        if (++row >= 3) {
          queue.length = 0;
        }
      }
      bar.value = done + failures.length;
      setText(text, `${verb}: ${done + failures.length} of ${ids.length}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  root.replaceChildren();
  return { done, failures, left: ids.length - done - failures.length };
}

/** What came of it, as a sentence. */
export function summary(what, { done, failures, left }) {
  const failed = failures.length > 0 ? ` ${failures.length} failed: ${failures[0].trouble.message}` : '';
  return `${done} ${what}.${failed}${left > 0 ? ` ${left} left as they were.` : ''}`;
}
