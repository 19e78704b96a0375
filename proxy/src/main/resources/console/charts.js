import { h, setText } from './dom.js';

const HEIGHT = 180;
const DASHES = [[], [6, 4], [2, 3]];
const darkness = matchMedia('(prefers-color-scheme: dark)');

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * A chart that moves, by uPlot, with a table of the same figures for those who can't see it. Lines
 * differ by their dashes too, not by colour alone.
 *
 * @param title what is drawn
 * @param series `{ key, label }` of a point, three at most
 * @param show how a value is written
 * @param signal when the chart is left
 */
export function chart({ title, series, show, signal }) {
  const canvas = h('div', { class: 'plot', role: 'img' });
  const cells = series.map(() => ({ now: h('td', {}), peak: h('td', {}) }));
  const element = h('figure', { class: 'card' },
    h('figcaption', {}, title), canvas, legend(title, series, cells));
  let plot;
  const draw = points => {
    plot ??= new globalThis.uPlot(options(series, show, canvas.clientWidth), [[]], canvas);
    plot.setData([points.map(point => Date.parse(point.at) / 1_000),
      ...series.map(({ key }) => points.map(point => point[key] ?? null))]);
  };
  const resized = new ResizeObserver(() => plot?.setSize({ width: canvas.clientWidth, height: HEIGHT }));
  resized.observe(canvas);
  darkness.addEventListener('change', () => plot?.redraw(false, true), { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    plot?.destroy();
  });

  return {
    element,
    update(points) {
      draw(points);
      const said = series.map(({ key, label }, i) => {
        const values = points.map(point => point[key]).filter(value => value !== null && value !== undefined);
        setText(cells[i].now, show(points.at(-1)?.[key]));
        setText(cells[i].peak, show(values.length > 0 ? Math.max(...values) : null));
        return `${label} ${show(points.at(-1)?.[key])}`;
      });
      canvas.setAttribute('aria-label', `${title}, now: ${said.join(', ')}`);
    },
  };
}

function legend(title, series, cells) {
  return h('table', { class: 'legend' },
    h('caption', { class: 'unseen' }, title),
    h('thead', {}, h('tr', {}, ['Line', 'Now', 'Peak'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, series.map(({ label }, i) => h('tr', {},
      h('th', { scope: 'row' }, h('span', { class: `line line-${i + 1}`, 'aria-hidden': 'true' }), label),
      cells[i].now, cells[i].peak))));
}

function options(series, show, width) {
  const axis = {
    stroke: () => colour('--dim'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { stroke: () => colour('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'live' } },
    scales: { y: { range: (_, least, most) => [0, Math.max(most * 1.1, 0.001) || 1] } },
    axes: [
      { ...axis, values: (_, times) => times.map(time => new Date(time * 1_000).toISOString().slice(11, 19)), space: 80 },
      { ...axis, values: (_, values) => values.map(show), size: 62 },
    ],
    series: [{}, ...series.map(({ label }, i) => ({
      label,
      stroke: () => colour(`--line-${i + 1}`),
      width: 2,
      dash: DASHES[i],
      points: { show: false },
    }))],
  };
}
