import { h } from './dom.js';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A number as people read it: `12,345`, `3.2`; a dash where there is none. */
export function number(value) {
  if (value === null || value === undefined || value < 0) {
    return '–';
  }
  return (value < 10 ? TENTHS : WHOLE).format(value);
}

/** A length of time, given in milliseconds: `0.4 ms`, `12 ms`, `1.25 s`, `3 min 20 s`. */
export function span(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) {
    return '–';
  }
  if (ms < 1_000) {
    return `${(ms < 10 ? TENTHS : WHOLE).format(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1_000).toFixed(2)} s`;
  }
  const seconds = Math.round(ms / 1_000);
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** The same of a latency in seconds. */
export function latency(seconds) {
  return seconds === null || seconds === undefined ? '–' : span(seconds * 1_000);
}

/** A moment in UTC, to the second. */
export function moment(at) {
  return h('time', { datetime: at, title: at }, `${at.slice(0, 10)} ${at.slice(11, 19)}`);
}

/** How long it is between two moments. */
export function between(from, to) {
  return from && to ? span(Date.parse(to) - Date.parse(from)) : undefined;
}

/** A state or a reason, with a colour that only repeats what the word says. */
export function badge(word) {
  return h('span', { class: `badge ${word}` }, word.replaceAll('_', ' '));
}

/** JSON with one member on each line; what is no JSON as it is. */
export function pretty(value) {
  try {
    return JSON.stringify(typeof value === 'string' ? JSON.parse(value) : value, null, 2);
  } catch {
    return String(value);
  }
}
