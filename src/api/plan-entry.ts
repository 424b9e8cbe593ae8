import type { DonePlan } from '../plan/jobs/plan-jobs.ts';
import type { EntryOf } from '../records/logbook-entry.ts';

/** A plan that was computed, as the logbook keeps it. */
export const planEntry = ({ kind, atMs, result, traceRows = null }: DonePlan): EntryOf<'plan'> => ({
  v: 1,
  kind: 'plan',
  atMs,
  plan: kind,
  fits: 'check' in result ? result.check.fits : null,
  traceRows,
});
