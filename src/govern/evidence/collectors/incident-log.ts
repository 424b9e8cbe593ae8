import { serviceCollector } from '../collector.ts';
import { outagesIn } from '../outages.ts';

/** An outage has to be reviewed within a week. */
const REVIEW_MS = 7 * 86_400_000;

/**
 * Share of outages that were reviewed; those of the last week may still wait. The log itself is the ledger's, so that
 * none is left out.
 */
export const incidentLog = serviceCollector(
  { id: 'incident-log', source: 'ledger', query: '/api/v1/logbook?kind=review', combine: 'least' },
  async (facts, window, service) => {
    const found = await outagesIn(facts, window, service.name);
    if (found === null) return null;
    const reviews = ((await facts.logbook('review')) ?? []).filter(
      (one) => one.service === service.name,
    );
    const isReviewed = ({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean =>
      reviews.some((one) => one.outageFromMs >= fromMs && one.outageFromMs < toMs);
    const due = found.outages.filter(
      (one) => isReviewed(one) || facts.nowMs - one.toMs > REVIEW_MS,
    );
    const open = due.filter((one) => !isReviewed(one));
    const first =
      open[0] === undefined ? '' : `, first of ${new Date(open[0].fromMs).toISOString()}`;
    return {
      value: open.length === 0 ? 1 : 0,
      coverage: await facts.coverage(window),
      simulated: found.simulated,
      statement: `${found.outages.length} outages, ${open.length} without a review for over a week${first}.`,
    };
  },
);
