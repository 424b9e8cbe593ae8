import type { Collector } from '../collector.ts';

/** The newest restore of the ledger that was tried here, into an empty folder. */
export const restoreTest: Collector = {
  id: 'restore-test',
  source: 'logbook',
  query: '/api/v1/logbook?kind=restore',
  async organisation(facts, window) {
    const last = ((await facts.logbook('restore')) ?? []).findLast(
      (one) => one.atMs >= window.fromMs,
    );
    if (last === undefined) return null;
    const words = last.agrees ? 'says the same as' : 'differs from';
    return {
      value: last.agrees && last.records > 0 ? 1 : 0,
      coverage: 1,
      // Bytes are restored the same whatever they are about.
      simulated: false,
      statement: `${last.records} records were restored in ${last.seconds.toFixed(1)} s; the copy ${words} the ledger.`,
      atMs: last.atMs,
    };
  },
};
