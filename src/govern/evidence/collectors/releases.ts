import { percent, serviceCollector } from '../collector.ts';
import { outagesIn } from '../outages.ts';

const DAY_MS = 86_400_000;
/** An outage that begins so soon after a change is put down to it. */
const BLAMED_MS = 4 * 3_600_000;

/**
 * A canary was compared and let through, and one that was slower was stopped: both have to have been seen, or nobody
 * knows that the gate can close.
 */
export const canary = serviceCollector(
  { id: 'canary', source: 'logbook', query: '/api/v1/logbook?kind=release', combine: 'least' },
  async (facts, window, service) => {
    const judged = ((await facts.logbook('release')) ?? []).filter(
      (one) => one.service === service.name && one.p99 !== null && one.atMs >= window.fromMs,
    );
    const last = judged.at(-1);
    if (last === undefined) return null;
    const stopped = judged.filter((one) => one.p99?.worse === true && !one.passed);
    return {
      value: stopped.length > 0 ? 1 : 0,
      coverage: 1,
      simulated: judged.some((one) => one.simulated),
      statement: `${judged.length} canaries were compared, ${stopped.length} stopped for their p99.`,
      // What shows that the gate closes is as old as the last time that it did.
      atMs: stopped.at(-1)?.atMs ?? last.atMs,
    };
  },
);

/** Every change of the configuration in the window came within a day of a release that the gate let pass. */
export const budgetPolicy = serviceCollector(
  {
    id: 'budget-policy',
    source: 'logbook',
    query: '/api/v1/logbook?kind=change',
    combine: 'least',
  },
  async (facts, window, service) => {
    const releases = ((await facts.logbook('release')) ?? []).filter(
      (one) => one.service === service.name,
    );
    const changes = ((await facts.logbook('change')) ?? []).filter(
      (one) => one.services.includes(service.name) && one.atMs >= window.fromMs,
    );
    const asked = releases.filter((one) => one.atMs >= window.fromMs);
    if (asked.length === 0) return null;
    // The verdict in force is the last before the change: one that was stopped is not made good by one before it.
    const passed = changes.filter(({ atMs }) => {
      const verdict = releases.findLast((one) => one.atMs <= atMs && atMs - one.atMs <= DAY_MS);
      return verdict?.passed === true && verdict.budgetLeftShare !== null;
    });
    const stopped = asked.filter((one) => !one.passed).length;
    return {
      value: passed.length === changes.length ? 1 : 0,
      coverage: await facts.coverage(window),
      simulated: asked.some((one) => one.simulated),
      statement:
        `${passed.length} of ${changes.length} changes had passed the gate; ` +
        `it was asked ${asked.length} times and stopped ${stopped}.`,
    };
  },
);

/** Share of changes after which an outage began. Null without a change: nothing is known of how they go. */
export const changeFailure = serviceCollector(
  { id: 'change-failure', source: 'ledger', query: '/api/v1/logbook?kind=change', combine: 'most' },
  async (facts, window, service) => {
    const changes = ((await facts.logbook('change')) ?? []).filter(
      (one) => one.services.includes(service.name) && one.atMs >= window.fromMs,
    );
    const found = await outagesIn(facts, window, service.name);
    if (changes.length === 0 || found === null) return null;
    // Outages are known to a quarter of an hour: one may seem to begin just before its cause.
    const failed = changes.filter(({ atMs }) =>
      found.outages.some((one) => one.toMs > atMs && one.fromMs - atMs <= BLAMED_MS),
    );
    const value = failed.length / changes.length;
    return {
      value,
      coverage: await facts.coverage(window),
      simulated: found.simulated,
      statement: `an outage followed ${failed.length} of ${changes.length} changes (${percent(value)}).`,
    };
  },
);
