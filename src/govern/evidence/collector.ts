import type { ServiceConfig } from '../../config/schema.ts';
import type { Window } from '../../measure/ledger/ledger.ts';
import type { MeasuredSource } from '../../records/evidence-item.ts';
import type { Facts } from './facts.ts';

/** What a collector found. `value` is in the unit of its condition; 1 and 0 stand for yes and no. */
export interface Observation {
  value: number | null;
  /** Share of the window that was measured, 0..1. */
  coverage: number;
  simulated: boolean;
  /** One sentence for a person, with the figures. */
  statement: string;
  /** When the fact came to be, where that is not now: a probe, a plan. Unix milliseconds. */
  atMs?: number;
}

/**
 * Measures one thing over a window. Null: nothing can be said, not even that it fails, and what was found
 * before grows old. Reads only; whether the value meets a threshold is not its business.
 */
export interface Collector {
  id: string;
  source: MeasuredSource;
  /** API path or command that shows the same. */
  query: string;
  organisation(facts: Facts, window: Window): Promise<Observation | null>;
  service?(facts: Facts, window: Window, service: ServiceConfig): Promise<Observation | null>;
}

type Combine = 'share' | 'least' | 'most';

/**
 * A collector that looks at one service at a time. For the organisation: the share of services for which it is
 * so (`share`), or the worst of them (`least`, `most`); a service without a value leaves it without one.
 */
export function serviceCollector(
  about: Pick<Collector, 'id' | 'source' | 'query'> & { combine: Combine },
  one: (facts: Facts, window: Window, service: ServiceConfig) => Promise<Observation | null>,
): Collector {
  return {
    id: about.id,
    source: about.source,
    query: about.query,
    service: one,
    async organisation(facts, window) {
      const each: Array<{ name: string; seen: Observation | null }> = [];
      for (const service of facts.config.services) {
        each.push({ name: service.name, seen: await one(facts, window, service) });
      }
      return combined(each, about.combine);
    },
  };
}

function combined(
  each: ReadonlyArray<{ name: string; seen: Observation | null }>,
  combine: Combine,
): Observation | null {
  const seen = each.flatMap((one) => one.seen ?? []);
  if (seen.length === 0) return null;
  return {
    value: combinedValue(each, combine),
    coverage: Math.min(...seen.map((one) => one.coverage)),
    simulated: seen.some((one) => one.simulated),
    statement: each
      .map(({ name, seen: found }) => `${name}: ${found?.statement ?? 'nothing is known'}`)
      .join(' ')
      .slice(0, 2000),
  };
}

function combinedValue(
  each: ReadonlyArray<{ seen: Observation | null }>,
  combine: Combine,
): number | null {
  if (combine === 'share') {
    return each.reduce((sum, one) => sum + (one.seen?.value ?? 0), 0) / each.length;
  }
  const values = each.map((one) => one.seen?.value ?? null);
  if (values.includes(null)) return null;
  const known = values.flatMap((value) => value ?? []);
  return combine === 'least' ? Math.min(...known) : Math.max(...known);
}

/** Whole and tenth percents, for statements. */
export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
