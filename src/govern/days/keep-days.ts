import type { ServiceConfig } from '../../config/schema.ts';
import type { Window } from '../../measure/ledger/ledger.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';
import type { EvidenceSources } from '../evidence/evidence-sources.ts';
import { entriesOf, type Logbook } from '../logbook/logbook.ts';
import { DAY_MS, FORECAST_DAYS, forecastWeek } from './forecast.ts';

/** How far back days are noted that were missed. */
const BACK_DAYS = 30;
/** Days noted in one run, so that a first run does not hold the ledger up. */
const MAX_A_RUN = 10;
/** A day's waiting is sampled in so many slices, each with its newest requests: only raw records have it. */
const SLICES = 6;
const SLICE_REQUESTS = 50;
const QUEUE_PERCENTILE = 0.9;

type Sources = Pick<EvidenceSources, 'ledger' | 'config' | 'clock' | 'computeAnswers'>;

/**
 * Notes what each whole UTC day of each service was, once it is over, and what is expected of the next seven, once
 * a day. Days in which nothing was asked are not noted before the first that was: a service has no history yet.
 */
export async function keepDays(sources: Sources, logbook: Logbook): Promise<number> {
  const entries = await logbook.entries();
  const days = entriesOf(entries, 'day');
  const forecasts = entriesOf(entries, 'forecast');
  const today = Math.floor(sources.clock.wallMs() / DAY_MS);
  let noted = 0;
  for (const service of sources.config().services) {
    const mine = days.filter((one) => one.service === service.name);
    const known = new Set(mine.map((one) => one.fromMs));
    for (let day = today - BACK_DAYS; day < today && noted < MAX_A_RUN; day += 1) {
      const window = { fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS };
      if (known.has(window.fromMs)) continue;
      const entry = await dayOf(sources, service, window);
      if (entry.requests === 0 && !mine.some((one) => one.fromMs < window.fromMs)) continue;
      await logbook.add(entry);
      mine.push(entry);
      noted += 1;
    }
    const madeToday = forecasts.some(
      (one) => one.service === service.name && Math.floor(one.atMs / DAY_MS) === today,
    );
    const forecast = madeToday ? null : forecastOf(mine, service.name, sources.clock.wallMs());
    if (forecast !== null) await logbook.add(forecast);
  }
  return noted;
}

/** From tomorrow on: of today a part is known already. */
function forecastOf(
  days: ReadonlyArray<EntryOf<'day'>>,
  service: string,
  nowMs: number,
): EntryOf<'forecast'> | null {
  const fromMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  const found = forecastWeek(days, fromMs);
  if (found === null) return null;
  return {
    v: 1,
    kind: 'forecast',
    atMs: nowMs,
    service,
    fromMs,
    toMs: fromMs + FORECAST_DAYS * DAY_MS,
    ...found,
    simulated: days.slice(-FORECAST_DAYS).some((one) => one.simulated),
  };
}

async function dayOf(
  sources: Sources,
  service: ServiceConfig,
  window: Window,
): Promise<EntryOf<'day'>> {
  const { ledger, clock, computeAnswers } = sources;
  const config = sources.config();
  const { services } = await computeAnswers({ ledger, config, window, clock });
  const answer = services.find((one) => one.service === service.name);
  const waits = await waitsOf(sources, service.name, window);
  return {
    v: 1,
    kind: 'day',
    atMs: clock.wallMs(),
    service: service.name,
    ...window,
    requests: answer?.requests.total ?? 0,
    usd: answer?.cost.allocatedUsd ?? answer?.cost.usageUsd ?? null,
    queueP90Ms: waits[Math.ceil(waits.length * QUEUE_PERCENTILE) - 1] ?? null,
    queueSampled: waits.length,
    simulated: (answer?.simulated ?? 'none') !== 'none',
  };
}

/** Waiting of a sample of the day's requests, milliseconds, ascending. */
async function waitsOf(
  { ledger }: Sources,
  service: string,
  { fromMs, toMs }: Window,
): Promise<number[]> {
  const sliceMs = (toMs - fromMs) / SLICES;
  const waits: number[] = [];
  for (let slice = 0; slice < SLICES; slice += 1) {
    const start = fromMs + slice * sliceMs;
    const { records } = await ledger.requests({
      window: { fromMs: start, toMs: start + sliceMs },
      service,
      sort: 'startedAt',
      descending: true,
      limit: SLICE_REQUESTS,
      offset: 0,
    });
    waits.push(...records.map((one) => one.latency.queueMs));
  }
  return waits.sort((a, b) => a - b);
}
