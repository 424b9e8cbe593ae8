import type { LogbookEntry } from '../../src/records/logbook-entry.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const DRILL_MS = 10 * MINUTE_MS;
export const LOAD_MS = 5 * MINUTE_MS;

/** When drills and the load test were, on whole minutes, away from the outages of the world. */
export function drillTimes(nowMs: number): { load: number; failure: number; slow: number } {
  const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const ago = (hours: number): number => minute - hours * HOUR_MS;
  return { load: ago(16), failure: ago(12), slow: ago(14) };
}

/** What a disciplined shop has in its logbook: everything once, and all of it well. */
export function disciplinedLogbook(nowMs: number): LogbookEntry[] {
  const service = 'chat';
  const at = (agoMs: number) => ({ v: 1 as const, atMs: nowMs - agoMs });
  const times = drillTimes(nowMs);
  const span = (fromMs: number, lengthMs: number) => ({ fromMs, toMs: fromMs + lengthMs });
  const lastMs = nowMs - HOUR_MS;
  const days = Array.from({ length: 7 }, (_, i): LogbookEntry => ({
    ...at(0),
    kind: 'day',
    service,
    ...span(lastMs - (i + 1) * DAY_MS, DAY_MS),
    requests: 1_440,
    usd: 192,
    queueP90Ms: 20,
    queueSampled: 300,
    simulated: false,
  }));
  const drill = { ...at(17 * HOUR_MS), kind: 'drill' as const, service, engine: 'a', by: 'ada' };
  return [
    { ...at(HOUR_MS), kind: 'plan', plan: 'serve', fits: null, traceRows: 5_000 },
    { ...at(0), kind: 'load', ...span(times.load, LOAD_MS), sentPerS: 2 },
    { ...drill, drill: 'engine-failure', ...span(times.failure, DRILL_MS) },
    { ...drill, drill: 'slowdown', ...span(times.slow, DRILL_MS) },
    {
      v: 1,
      atMs: times.slow + DRILL_MS,
      kind: 'alert',
      service,
      objective: 'latency',
      burnRate: 5,
      message: 'chat: replies are slow.',
      delivered: true,
      simulated: false,
    },
    {
      ...at(5 * HOUR_MS),
      kind: 'release',
      service,
      candidate: 'b',
      passed: false,
      reasons: ['p99 of b is 900 ms, of the other engines 500 ms'],
      budgetLeftShare: 0.8,
      p99: { candidateMs: 900, othersMs: 500, worse: true },
      by: 'ada',
      simulated: false,
    },
    {
      ...at(4 * HOUR_MS),
      kind: 'release',
      service,
      candidate: null,
      passed: true,
      reasons: [],
      budgetLeftShare: 0.8,
      p99: null,
      by: 'ada',
      simulated: false,
    },
    {
      ...at(3 * HOUR_MS),
      kind: 'change',
      digest: 'd',
      parts: ['routes chat'],
      services: [service],
    },
    ...days,
    {
      ...at(8 * DAY_MS + HOUR_MS),
      kind: 'forecast',
      service,
      ...span(lastMs - 7 * DAY_MS, 7 * DAY_MS),
      requests: 10_000,
      usd: 1_300,
      simulated: false,
    },
    {
      ...at(HOUR_MS),
      kind: 'restore',
      ...span(nowMs - DAY_MS, DAY_MS),
      records: 1_440,
      agrees: true,
      seconds: 3,
      simulated: false,
    },
    {
      ...at(HOUR_MS),
      kind: 'invoice',
      service,
      ...span(lastMs - 7 * DAY_MS, 7 * DAY_MS),
      usd: 1_350,
      sha256: 'a'.repeat(64),
      by: 'ada',
    },
  ];
}
