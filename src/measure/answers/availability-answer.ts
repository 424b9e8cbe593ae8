import type { Outcome } from '../../records/request-record.ts';
import type { Cell } from '../ledger/ledger.ts';
import type { ServiceAnswer } from './answers.ts';

/** Ends of a request that are the service's fault whatever the status says. */
const SERVICE_FAULTS: ReadonlySet<string> = new Set<Outcome>([
  'engine_crash',
  'timeout',
  'shutdown',
]);

/**
 * Successes as a share of the requests that the service could have served: what the client broke
 * off or asked for wrongly (4xx except 408 and 429) counts on neither side; a refusal for want of
 * room (429, 503) counts against.
 */
export function availabilityAnswer(
  cells: readonly Cell[],
  target: number | null,
): ServiceAnswer['availability'] {
  let good = 0;
  let bad = 0;
  for (const cell of cells) {
    good += cell.outcomes.success ?? 0;
    for (const [outcome, count] of Object.entries(cell.outcomes)) {
      if (outcome !== 'success' && isServiceFault(outcome, cell.status)) bad += count;
    }
  }
  const actual = good + bad === 0 ? null : good / (good + bad);
  return { actual, target, met: actual === null || target === null ? null : actual >= target };
}

function isServiceFault(outcome: string, status: number | null): boolean {
  if (outcome === 'client_abort') return false;
  if (SERVICE_FAULTS.has(outcome)) return true;
  return status === null || status >= 500 || status === 429 || status === 408;
}
