import { cameIn } from '../../days/forecast.ts';
import { percent, serviceCollector } from '../collector.ts';

/** The service has a monthly budget, and its spend is known, so that alerts can be raised at its shares. */
export const budgets = serviceCollector(
  { id: 'budgets', source: 'config', query: '/api/v1/logbook?kind=alert', combine: 'share' },
  async (facts, window, service) => {
    const budgetUsd = service.budgetUsdPerMonth;
    const days = ((await facts.logbook('day')) ?? []).filter(
      (one) => one.service === service.name && one.toMs > window.fromMs,
    );
    const priced = days.filter((one) => one.usd !== null).length;
    // A budget may be kept elsewhere: then a document says so.
    if (budgetUsd === undefined) return null;
    if (days.length === 0) return null;
    return {
      value: service.onCall !== undefined && priced === days.length ? 1 : 0,
      coverage: 1,
      simulated: days.some((one) => one.simulated),
      statement:
        `$${budgetUsd} a month, alerts go ${service.onCall === undefined ? 'to nobody' : 'out'}; ` +
        `the spend of ${priced} of ${days.length} days is known.`,
    };
  },
);

/** The largest gap between an invoice and what the ledger says of the same days, over the invoice. */
export const invoices = serviceCollector(
  { id: 'invoices', source: 'ledger', query: '/api/v1/logbook?kind=invoice', combine: 'most' },
  async (facts, window, service) => {
    const mine = <One extends { service: string }>(all: One[] | null): One[] =>
      (all ?? []).filter((one) => one.service === service.name);
    const last = mine(await facts.logbook('invoice')).findLast(
      (one) => one.atMs >= window.fromMs && one.usd > 0,
    );
    if (last === undefined) return null;
    const days = mine(await facts.logbook('day'));
    const usd = cameIn(days, last)?.usd ?? null;
    const about = {
      coverage: 1,
      simulated: days.some((one) => one.simulated && one.fromMs >= last.fromMs),
      atMs: last.atMs,
    };
    if (usd === null) {
      const statement = 'the ledger does not know the spend of every day of the invoice.';
      return { value: null, statement, ...about };
    }
    const value = Math.abs(usd - last.usd) / last.usd;
    const statement = `invoice $${last.usd.toFixed(2)}, ledger $${usd.toFixed(2)}: ${percent(value)} apart.`;
    return { value, statement, ...about };
  },
);
