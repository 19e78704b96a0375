import { forget, token } from './session.js';

/** What went wrong, and what to do next. */
export class Trouble extends Error {
  constructor(status, message, advice) {
    super(message);
    this.status = status;
    this.advice = advice;
  }
}

const AWAY = 'The server can’t be reached.';
const ADVICE = {
  400: 'Change what was asked for.',
  403: 'Open this page at the address of the admin listener itself.',
  404: 'It may have been discarded, completed by a late result, or its retention is over. Look for it in the list.',
  409: 'Load the page again to see what became of it.',
  500: 'The log of the proxy says why.',
  503: 'The store is away or the proxy is stopping. Try again in a moment; /readyz on the public port says which.',
};

/** Asks the admin API; answers the JSON, nothing for 204, and throws a {@link Trouble}. */
export async function call(method, path, signal) {
  const sent = token();
  const response = await send(method, path, sent, signal);
  if (response.status === 401) {
    forget();
    document.dispatchEvent(new CustomEvent('unauthorized', { detail: { wrong: Boolean(sent) } }));
    throw new Trouble(401, sent ? 'The admin token is wrong.' : 'An admin token is needed.',
      'Enter the value of admin.token.');
  }
  if (response.ok) {
    return response.status === 204 ? undefined : response.json();
  }
  throw new Trouble(response.status, await sentence(response), ADVICE[response.status] ?? ADVICE[500]);
}

async function send(method, path, sent, signal) {
  const headers = sent ? { Authorization: `Bearer ${sent}` } : {};
  try {
    return await fetch(path, { method, headers, signal, cache: 'no-store' });
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    throw new Trouble(0, AWAY, 'Check that it runs, and that this machine reaches it.');
  }
}

async function sentence(response) {
  try {
    return `${(await response.json()).error}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}

/** A path with those parameters that have a value. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  return query.size > 0 ? `${path}?${query}` : path;
}
