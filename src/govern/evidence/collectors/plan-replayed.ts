import type { Collector } from '../collector.ts';

/** Fewer requests than this do not make a trace: a p99 could not be told from them. */
const ENOUGH_ROWS = 300;

/** The newest plan that replayed a recorded trace. */
export const planReplayed: Collector = {
  id: 'plan-replayed',
  source: 'plan',
  query: '/api/v1/logbook?kind=plan',
  async organisation(facts, window) {
    const plans = (await facts.logbook('plan')) ?? [];
    const replayed = plans.filter((one) => one.traceRows !== null && one.atMs >= window.fromMs);
    const last = replayed.at(-1);
    if (last === undefined) return null;
    const rows = last.traceRows ?? 0;
    const enough = rows >= ENOUGH_ROWS;
    const few = enough ? '' : `; ${ENOUGH_ROWS} at least are needed`;
    return {
      value: enough ? 1 : 0,
      coverage: 1,
      simulated: false,
      statement: `A ${last.plan} plan was replayed against ${rows} recorded requests${few}.`,
      atMs: last.atMs,
    };
  },
};
