import { z } from 'zod';
import type { Facts } from '../evidence/facts.ts';
import { outagesIn } from '../evidence/outages.ts';

const WINDOW_DAYS = 30;

/** One outage that the ledger shows, to a quarter of an hour, and its review. */
export const incident = z.object({
  service: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  simulated: z.boolean(),
  review: z.object({ by: z.string(), cause: z.string(), changed: z.string() }).nullable(),
});
export type Incident = z.infer<typeof incident>;

/** Outages of every service in the last 30 days, newest first. */
export async function listIncidents(facts: Facts): Promise<Incident[]> {
  const window = facts.windowOf(WINDOW_DAYS);
  const reviews = (await facts.logbook('review')) ?? [];
  const incidents: Incident[] = [];
  for (const { name: service } of facts.config.services) {
    const found = await outagesIn(facts, window, service);
    for (const { fromMs, toMs } of found?.outages ?? []) {
      const review = reviews.findLast(
        (one) => one.service === service && one.outageFromMs >= fromMs && one.outageFromMs < toMs,
      );
      incidents.push({
        service,
        fromMs,
        toMs,
        simulated: found?.simulated ?? false,
        review:
          review === undefined
            ? null
            : { by: review.by, cause: review.cause, changed: review.changed },
      });
    }
  }
  return incidents.toSorted((a, b) => b.fromMs - a.fromMs);
}
