const TWICE = 'Replay only if running it twice does no harm.';

/** Why something is a dead letter, and what to think of before it is replayed. */
export const REASONS = {
  refused: 'The job server said no. Replay when the request or the account was mended.',
  busy: 'The job server was too busy at every attempt. It surely did not run: replay.',
  unreachable: 'The job server could not be connected to. It surely did not run: replay.',
  not_started: 'No attempt got through in time. It surely did not run: replay.',
  server_error: `The job server failed, and may have started the job. ${TWICE}`,
  invalid: 'The job server’s answer made no sense, and the job may run. Look at the payload first.',
  unclear: `An attempt ended without an answer, and no callback came. ${TWICE}`,
  no_callback: `It ran, and its callback never came. ${TWICE}`,
  undelivered: 'The result is here, but could not be delivered to the client’s own URL. Replay delivers it again.',
  conflict: 'A second, different result came for a job that has one. The first stays. It can only be discarded.',
  orphan: 'A callback that belongs to no job. It can only be discarded.',
  rejected: 'A callback that did not prove where it came from. It can only be discarded.',
};

/** Results that could not be delivered are delivered again one by one. */
export function canReplayAll(reason) {
  return canReplay(reason) && reason !== 'undelivered';
}

/** Those that are callbacks without a job: there is nothing to replay. */
export function canReplay(reason) {
  return !['conflict', 'orphan', 'rejected'].includes(reason);
}
