/** Asks again and again until `signal`, but not while the tab is hidden. Failures make it slower. */
export async function poll({ every, ask, show, fail = () => {}, signal }) {
  let pause = every;
  while (!signal.aborted) {
    try {
      const answer = await ask();
      if (!signal.aborted) {
        show(answer);
      }
      pause = every;
    } catch (trouble) {
      if (!signal.aborted) {
        fail(trouble);
      }
      pause = Math.min(pause * 2, 5_000);
    }
    await rest(pause, signal);
    await seen(signal);
  }
}

function rest(ms, signal) {
  return new Promise(done => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    }, { once: true });
  });
}

function seen(signal) {
  return document.hidden
    ? new Promise(done => {
      document.addEventListener('visibilitychange', done, { once: true, signal });
      signal.addEventListener('abort', done, { once: true });
    })
    : undefined;
}
