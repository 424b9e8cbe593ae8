import type { Config, ServiceConfig } from '../../config/schema.ts';
import { availabilityAnswer } from '../../measure/answers/availability-answer.ts';
import { totalsOf } from '../../measure/answers/totals.ts';
import type { Cell, LedgerReader } from '../../measure/ledger/ledger.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';

/**
 * Budget of 30 days burnt this many times too fast: 2 % of it in one hour. Judged over an hour and over its last five
 * minutes together, so that it is raised soon and ends soon (Google, The Site Reliability Workbook, chapter 5).
 */
const BURN_LIMIT = 14.4;
const LONG_MS = 3_600_000;
const SHORT_MS = 300_000;
/** Replies slower than a target, in times of what its percentile allows, over two spans of five minutes. */
const SLOW_LIMIT = 3;
const ENOUGH = 20;

export type Alert = Pick<
  EntryOf<'alert'>,
  'service' | 'objective' | 'burnRate' | 'message' | 'simulated'
>;

/** What is wrong now, by service: availability burnt too fast, or replies too slow for too long. */
export async function findAlerts(
  ledger: LedgerReader,
  config: Config,
  nowMs: number,
): Promise<Alert[]> {
  const by = 'engine-model-status';
  const cells = async (fromMs: number, toMs: number): Promise<Cell[]> =>
    ledger.cells({ window: { fromMs, toMs }, by });
  const long = await cells(nowMs - LONG_MS, nowMs);
  const short = await cells(nowMs - SHORT_MS, nowMs);
  const before = await cells(nowMs - 2 * SHORT_MS, nowMs - SHORT_MS);
  return config.services.flatMap((service) => {
    const of = (all: readonly Cell[]): Cell[] => all.filter((one) => one.service === service.name);
    const simulated = of(long).some((one) => one.simulatedRequests > 0);
    return [
      ...availabilityAlert(service, of(long), of(short)),
      ...latencyAlert(service, of(before), of(short)),
    ].map((alert) => Object.assign({ service: service.name, simulated }, alert));
  });
}

type Found = Omit<Alert, 'service' | 'simulated'>;

function availabilityAlert(
  { name, slo }: ServiceConfig,
  long: readonly Cell[],
  short: readonly Cell[],
): Found[] {
  const objective = slo.availability;
  if (objective === undefined || objective >= 1) return [];
  const burn = (cells: readonly Cell[]): number =>
    (1 - (availabilityAnswer(cells, objective).actual ?? 1)) / (1 - objective);
  const burnRate = Math.min(burn(long), burn(short));
  if (burnRate < BURN_LIMIT || totalsOf(short).requests < ENOUGH) return [];
  const message = `${name} spends its error budget ${burnRate.toFixed(1)} times too fast.`;
  return [{ objective: 'availability', burnRate, message }];
}

function latencyAlert(
  { name, slo }: ServiceConfig,
  before: readonly Cell[],
  short: readonly Cell[],
): Found[] {
  const spans = [before, short].map(totalsOf);
  const rates = (['ttft', 'tpot', 'e2e'] as const).flatMap((metric) =>
    (
      [
        ['p95', 0.05],
        ['p99', 0.01],
      ] as const
    ).flatMap(([percentile, allowed]) => {
      const target = slo[`${metric}Ms`]?.[percentile];
      if (target === undefined || spans.some((one) => one[metric].count < ENOUGH)) return [];
      const slow = spans.map((one) => (1 - one[metric].shareAtMost(target)) / allowed);
      return [{ what: `${metric.toUpperCase()} ${percentile}`, burnRate: Math.min(...slow) }];
    }),
  );
  const worst = rates.toSorted((a, b) => b.burnRate - a.burnRate)[0];
  if (worst === undefined || worst.burnRate < SLOW_LIMIT) return [];
  const times = worst.burnRate.toFixed(1);
  const message = `${name}: replies over the target of ${worst.what} are ${times} times what it allows.`;
  return [{ objective: 'latency', burnRate: worst.burnRate, message }];
}
