import type { EngineConfig } from '../../config/schema.ts';
import type { EngineSample } from '../../records/engine-sample.ts';
import type { Exposition, Sample } from './exposition/exposition.ts';

export type IntervalState = Omit<EngineSample, 'engine' | 'fromMs' | 'toMs' | 'up'>;

export interface IntervalReader {
  /** State over the last `lengthS` seconds; null exposition: the metrics could not be read. */
  read(exposition: Exposition | null, lengthS: number): IntervalState;
}

/** The series that are used, summed over an engine's ranks; null where the engine has none. */
interface Snapshot {
  startS: number | null;
  clockS: number | null;
  busyS: number | null;
  energyJ: number | null;
  runningS: number | null;
  waitingS: number | null;
  kvS: number | null;
  batchLimit: number | null;
  simulated: boolean;
  running: number | null;
  waiting: number | null;
  kvShare: number | null;
  preemptions: number | null;
}

/**
 * Turns metrics read at two moments into the state between them.
 *
 * A simulated engine exports integrals (`tailrace_sim_*_seconds_total`) and its own clock, all in
 * simulated seconds: their differences over the clock's are exact means. Without the clock (the
 * first reading, a restart) its time is real time x speed. Plain vLLM exports gauges: the mean of both ends
 * stands for the interval. It exports nothing from which the share of time that the accelerator
 * worked could be derived (a running request says nothing about gaps between steps), so busyShare is
 * null there; so are power and the batch limit.
 *
 * A counter that went down, or a process that started anew, means a restart inside the interval:
 * what needs a difference is null for this once.
 */
export function createIntervalReader(engine: EngineConfig): IntervalReader {
  const accelerators = engine.hardware?.count ?? null;
  const speed = engine.simulated?.speed ?? 1;
  let before: Snapshot | null = null;
  return {
    read(exposition, lengthS) {
      const now = exposition === null ? null : snapshot(exposition);
      const previous = before;
      before = now;
      const simulated = engine.simulated !== undefined || (now?.simulated ?? false);
      const from = usableStart(previous, now);
      const engineS = clockGained(from, now) ?? lengthS * speed;
      const paid = {
        acceleratorSeconds: accelerators === null ? null : accelerators * engineS,
        simulated,
      };
      if (now === null) return { ...UNREAD, ...paid };
      return {
        ...between(from, now, engineS),
        ...paid,
        basis: simulated ? 'modelled' : 'measured',
      };
    },
  };
}

/** The reading that differences are taken from; null where there is none to be trusted. */
function usableStart(before: Snapshot | null, now: Snapshot | null): Snapshot | null {
  return before === null || now === null || restarted(before, now) ? null : before;
}

function clockGained(from: Snapshot | null, now: Snapshot | null): number | null {
  const start = from?.clockS ?? null;
  const end = now?.clockS ?? null;
  return start === null || end === null ? null : end - start;
}

const UNREAD = {
  busyShare: null,
  runningMean: null,
  waitingMean: null,
  batchLimit: null,
  kvUsageShare: null,
  preemptions: null,
  energyWh: null,
  basis: 'unknown',
} as const;

function between(
  from: Snapshot | null,
  now: Snapshot,
  lengthS: number,
): Omit<IntervalState, 'acceleratorSeconds' | 'simulated' | 'basis'> {
  const gained = (key: 'busyS' | 'energyJ' | 'runningS' | 'waitingS' | 'kvS'): number | null => {
    const start = from?.[key] ?? null;
    const end = now[key];
    return start === null || end === null ? null : end - start;
  };
  const mean = (integral: number | null): number | null =>
    integral === null || lengthS <= 0 ? null : integral / lengthS;
  const energyJ = gained('energyJ');
  return {
    busyShare: asShare(mean(gained('busyS'))),
    runningMean: mean(gained('runningS')) ?? midpoint(from?.running, now.running),
    waitingMean: mean(gained('waitingS')) ?? midpoint(from?.waiting, now.waiting),
    batchLimit: now.batchLimit,
    kvUsageShare: asShare(mean(gained('kvS')) ?? midpoint(from?.kvShare, now.kvShare)),
    preemptions: preemptionsSince(from, now),
    energyWh: energyJ === null ? null : energyJ / 3600,
  };
}

/** Gauges at both ends stand for the time between; the first scrape has only one end. */
function midpoint(start: number | null | undefined, end: number | null): number | null {
  if (end === null) return null;
  return start === null || start === undefined ? end : (start + end) / 2;
}

/** Rounding of two clocks may carry a share a little past 1. */
const asShare = (value: number | null): number | null =>
  value === null ? null : Math.min(1, Math.max(0, value));

function preemptionsSince(from: Snapshot | null, now: Snapshot): number | null {
  if (from === null || now.preemptions === null || from.preemptions === null) return null;
  return now.preemptions - from.preemptions;
}

function restarted(before: Snapshot, now: Snapshot): boolean {
  if (before.startS !== null && now.startS !== null && before.startS !== now.startS) return true;
  const counters = [
    'clockS',
    'busyS',
    'energyJ',
    'runningS',
    'waitingS',
    'kvS',
    'preemptions',
  ] as const;
  return counters.some((key) => {
    const earlier = before[key];
    const later = now[key];
    return earlier !== null && later !== null && later < earlier;
  });
}

function snapshot(exposition: Exposition): Snapshot {
  const byName = new Map<string, Sample[]>();
  for (const sample of exposition.samples) {
    const known = byName.get(sample.name);
    if (known === undefined) byName.set(sample.name, [sample]);
    else known.push(sample);
  }
  const all = (name: string): number[] =>
    (byName.get(name) ?? []).map((one) => one.value).filter((v) => Number.isFinite(v) && v >= 0);
  const sum = (name: string): number | null => {
    const values = all(name);
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
  };
  const mean = (name: string): number | null => {
    const total = sum(name);
    return total === null ? null : total / all(name).length;
  };
  const info = byName.get('tailrace_sim_info') ?? [];
  return {
    startS: mean('process_start_time_seconds'),
    clockS: mean('tailrace_sim_clock_seconds_total'),
    busyS: sum('tailrace_sim_busy_seconds_total'),
    energyJ: sum('tailrace_sim_energy_joules_total'),
    runningS: sum('tailrace_sim_running_seconds_total'),
    waitingS: sum('tailrace_sim_waiting_seconds_total'),
    kvS: sum('tailrace_sim_kv_seconds_total'),
    batchLimit: sum('tailrace_sim_batch_limit'),
    simulated: info.some((one) => one.labels.get('simulated') === 'true'),
    running: sum('vllm:num_requests_running') ?? sum('sglang:num_running_reqs'),
    waiting: sum('vllm:num_requests_waiting') ?? sum('sglang:num_queue_reqs'),
    // The second is the name before vLLM 0.10.
    kvShare:
      mean('vllm:kv_cache_usage_perc') ??
      mean('vllm:gpu_cache_usage_perc') ??
      mean('sglang:token_usage'),
    preemptions: sum('vllm:num_preemptions_total') ?? sum('vllm:num_preemptions'),
  };
}
