import type { ServiceConfig } from '../../config/schema.ts';
import type { EvidenceItem } from '../../records/evidence-item.ts';
import { newId } from '../../records/ids.ts';
import {
  measureText,
  meets,
  thresholdText,
  type Condition,
  type Criteria,
} from '../scorecard/criteria-schema.ts';
import type { Collector, Observation } from './collector.ts';
import type { Facts } from './facts.ts';
import { gradeOf } from './grade.ts';

const DAY_MS = 86_400_000;
/** A rolling measurement is good for a tenth of its window, at least a day, without being repeated. */
const FRESH_PART = 0.1;

/** One collector that failed; the others go on. */
export interface CollectFailure {
  condition: string;
  service: string | null;
  message: string;
}

/**
 * Runs every collector that a condition names, for the organisation and for each service where the condition
 * looks at services. Evidence that says nothing is left out: what was there before grows old.
 */
export async function collectEvidence(
  criteria: Criteria,
  facts: Facts,
  collectors: readonly Collector[],
): Promise<{ items: EvidenceItem[]; failures: CollectFailure[] }> {
  const items: EvidenceItem[] = [];
  const failures: CollectFailure[] = [];
  const seen = createMemory(facts);
  for (const condition of criteria.conditions) {
    const collector = collectors.find((one) => one.id === condition.collector);
    if (collector === undefined) continue;
    const services = condition.scope === 'service' ? facts.config.services : [];
    for (const service of [null, ...services]) {
      try {
        const found = await seen(collector, condition, service);
        if (found !== null) items.push(itemOf(condition, collector, found, { service, facts }));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures.push({ condition: condition.id, service: service?.name ?? null, message });
      }
    }
  }
  return { items, failures };
}

/** Conditions that differ only in their threshold share one look. */
function createMemory(
  facts: Facts,
): (
  collector: Collector,
  condition: Condition,
  service: ServiceConfig | null,
) => Promise<Observation | null> {
  const known = new Map<string, Promise<Observation | null>>();
  return (collector, condition, service) => {
    const key = `${collector.id} ${condition.windowDays} ${service?.name ?? ''}`;
    const window = facts.windowOf(condition.windowDays);
    const asked =
      known.get(key) ??
      (service === null
        ? collector.organisation(facts, window)
        : (collector.service?.(facts, window, service) ?? Promise.resolve(null)));
    known.set(key, asked);
    return asked;
  };
}

function itemOf(
  condition: Condition,
  collector: Collector,
  found: Observation,
  where: { service: ServiceConfig | null; facts: Facts },
): EvidenceItem {
  const { nowMs, config } = where.facts;
  const windowMs = condition.windowDays * DAY_MS;
  const atMs = found.atMs ?? nowMs;
  const { source, query } = collector;
  const unit = condition.threshold.unit ?? null;
  const owners = new Set(config.services.map((one) => one.owner));
  const [only = 'unknown'] = owners;
  return {
    id: newId(nowMs),
    condition: condition.id,
    service: where.service?.name ?? null,
    source,
    statement: found.statement,
    query,
    value: found.value,
    unit,
    threshold: thresholdText(condition.threshold),
    holds: meets(found.value, condition.threshold),
    fromMs: Math.max(0, atMs - windowMs),
    toMs: atMs,
    coverage: Math.min(1, Math.max(0, found.coverage)),
    atMs,
    expiresAtMs: atMs + (found.atMs === undefined ? freshMs(windowMs) : windowMs),
    owner: where.service?.owner ?? (owners.size === 1 ? only : 'platform'),
    grade: gradeOf({ source, coverage: found.coverage, hasDocument: false, checkedBy: null }),
    simulated: found.simulated,
    document: null,
    checkedBy: null,
  };
}

const freshMs = (windowMs: number): number => Math.max(DAY_MS, windowMs * FRESH_PART);

/** `87 %, measured over 93 % of the window`: an item's figure for a person. */
export function figureOf(item: EvidenceItem): string {
  const value = item.value === null ? 'unknown' : measureText(item.value, item.unit);
  if (item.coverage === null || item.coverage >= 1) return value;
  return `${value}, measured over ${measureText(item.coverage, 'share')} of the window`;
}
