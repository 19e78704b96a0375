// Doubles of what the admin listener does not have yet. Each asks the real thing first and stands in
// only where that is 404 (or, of a timeline, absent).
const { ADMIN } = process.env;
const history = [];
let last;

export async function doubles(page) {
  await page.route('**/admin/live?*', async route => {
    const real = await route.fetch();
    return real.status() === 404 ? route.fulfill({ json: await live() }) : route.fulfill({ response: real });
  });
  await page.route('**/openapi.json', async route => {
    const real = await route.fetch();
    return real.status() === 404 ? route.fulfill({ json: API }) : route.fulfill({ response: real });
  });
  await page.route(/\/admin\/(jobs|dead-letters)\/[0-9a-f-]{36}$/, async route => {
    if (route.request().method() !== 'GET') {
      return route.continue();
    }
    const real = await route.fetch();
    const job = real.ok() ? await real.json() : undefined;
    return job && !job.timeline && job.account ? route.fulfill({ json: { ...job, timeline: timeline(job) } }) : route.fulfill({ response: real });
  });
}

/** By the metrics, which are real. */
async function live() {
  const text = await (await fetch(`${ADMIN}/metrics`)).text();
  const sum = name => [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce((all, [, value]) => all + Number(value), 0);
  const at = Date.now();
  const ended = sum('asyncproxy_jobs_total');
  const rate = last ? (ended - last.ended) * 1_000 / Math.max(at - last.at, 1) : 0;
  last = { at, ended };
  const point = {
    at: new Date(at).toISOString(), held: sum('asyncproxy_held_requests'), in_flight: sum('asyncproxy_jobs_in_flight'),
    waiting: sum('asyncproxy_jobs_waiting'), accepted: rate, ended: rate, failed: 0, callbacks: rate,
    added_p50: 0.002, added_p99: 0.009, job_p50: 0.1, job_p99: 0.2,
  };
  history.push(point);
  return {
    node: { id: 'double', state: 'serving', started_at: history[0].at, seen_at: point.at, held: point.held },
    now: { at: point.at, held: point.held, held_max: 15_000, in_flight: point.in_flight, waiting: point.waiting,
      dead_letters: sum('asyncproxy_dead_letters'), circuit: 'closed', pace: null },
    points: history.slice(-120), accounts: [{ account: 'load-1', waiting: 7 }, { account: 'load-2', waiting: 3 }],
  };
}

function timeline(job) {
  const start = Date.parse(job.created_at);
  const end = Date.parse(job.finished_at ?? job.created_at);
  const at = ms => new Date(ms).toISOString();
  return [
    { at: at(start), event: 'accepted', node: 'ab12cd34' },
    { at: at(start + (end - start) * 0.2), event: 'attempt', attempt: 1, outcome: job.reason ?? 'accepted', took_ms: Math.round((end - start) * 0.15), node: 'ab12cd34' },
    ...(job.reason ? [] : [{ at: at(end - 1), event: 'callback', outcome: 'stored', node: 'ab12cd34' }]),
    ...(job.finished_at ? [{ at: at(end), event: 'ended', outcome: job.state, node: 'ab12cd34' }] : []),
  ];
}

const API = {
  openapi: '3.1.0',
  info: { title: 'Async Proxy', version: '0.1.0', description: 'Calls an asynchronous job server as if it were synchronous.' },
  paths: {
    '/proxy': { post: {
      summary: 'Start a job and wait for its result',
      parameters: [{ name: 'Prefer', in: 'header', schema: { type: 'string' }, description: '`wait=N` or `respond-async`' }],
      requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Start' } } } },
      responses: { 200: { description: 'The result', content: { 'application/json': { schema: { type: 'object' } } } }, 504: { $ref: '#/components/responses/Late' } },
    } },
    '/proxy/jobs/{id}': { get: { summary: 'A job', responses: { 200: { description: 'It' } } }, delete: { summary: 'Cancels it', responses: { 204: { description: 'Cancelled' } } } },
  },
  components: {
    responses: { Late: { description: 'No result in time', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
    schemas: {
      Start: { type: 'object', required: ['account'], properties: { account: { type: 'string', minLength: 1, maxLength: 256 }, wait: { type: 'boolean', default: true } } },
      Problem: { type: 'object', properties: { error: { type: 'string', description: 'A short sentence.' } } },
    },
  },
};
