import { percent, serviceCollector } from '../collector.ts';

const DAY_MS = 86_400_000;
/** A day's p90 needs so many values: 3 of them lie beyond it. */
const ENOUGH = 30;

/** Share of days on which p90 of the wait inside Tailrace was within the service's objective. */
export const queueWait = serviceCollector(
  { id: 'queue-wait', source: 'logbook', query: '/api/v1/logbook?kind=day', combine: 'least' },
  async (facts, window, service) => {
    const days = ((await facts.logbook('day')) ?? []).filter(
      (one) => one.service === service.name && one.toMs > window.fromMs && one.toMs <= window.toMs,
    );
    if (days.length === 0) return null;
    const objectiveMs = service.slo.queueMs;
    const simulated = days.some((one) => one.simulated);
    const whole = Math.max(1, Math.floor((window.toMs - window.fromMs) / DAY_MS) - 1);
    const coverage = Math.min(1, days.length / whole);
    if (objectiveMs === undefined) {
      return { value: null, coverage, simulated, statement: 'no objective for waiting is set.' };
    }
    // A day on which too few asked has no p90 to judge; it was quiet, not slow.
    const judged = days.filter((one) => one.queueP90Ms !== null && one.queueSampled >= ENOUGH);
    if (judged.length === 0) return null;
    const within = judged.filter((one) => (one.queueP90Ms ?? 0) <= objectiveMs).length;
    return {
      value: within / judged.length,
      coverage,
      simulated,
      statement:
        `p90 of the wait was within ${objectiveMs} ms on ${within} of ${judged.length} days ` +
        `(${percent(within / judged.length)}).`,
    };
  },
);
