import type { Metric, Outcome, TailCause, UtilizationCause } from './api/types.ts';
import type { Tone } from './ui/badge.tsx';

/** Words and colours for the API's names, so that one thing looks the same on every page. */
interface Named {
  label: string;
  colour: string;
}

export const METRICS: Record<Metric, { short: string; long: string }> = {
  ttft: { short: 'TTFT', long: 'Time to first token' },
  tpot: { short: 'TPOT', long: 'Time per output token' },
  e2e: { short: 'E2E', long: 'End to end' },
};

export const METRIC_OPTIONS = (['ttft', 'tpot', 'e2e'] as const).map((value) => ({
  value,
  label: METRICS[value].short,
  title: METRICS[value].long,
}));

export const TAIL_CAUSES: Record<TailCause, Named> = {
  queue: { label: 'Queue in the gateway', colour: 'var(--c-amber)' },
  gateway: { label: 'Gateway', colour: 'var(--c-slate)' },
  retries: { label: 'Retries', colour: 'var(--c-red)' },
  'engine-queue': { label: 'Queue in the engine', colour: 'var(--c-violet)' },
  prefill: { label: 'Prefill', colour: 'var(--c-teal)' },
  'first-token': { label: 'Until the first token', colour: 'var(--c-sky)' },
  decode: { label: 'Decode', colour: 'var(--c-blue)' },
};

export const UTILIZATION_CAUSES: Record<UtilizationCause, Named> = {
  busy: { label: 'Busy, as if at full batch', colour: 'var(--c-green)' },
  'small-batch': { label: 'Empty places in small batches', colour: 'var(--c-sky)' },
  'queue-wait': { label: 'Waiting requests not batched', colour: 'var(--c-amber)' },
  'kv-full': { label: 'KV memory full', colour: 'var(--c-violet)' },
  'no-demand': { label: 'No demand', colour: 'var(--c-slate)' },
  'engine-down': { label: 'Engine down', colour: 'var(--c-red)' },
  useful: { label: 'Useful work', colour: 'var(--c-green)' },
  quota: { label: 'Held back by quota', colour: 'var(--c-slate)' },
  fragmentation: { label: 'Fragmentation', colour: 'var(--c-slate)' },
  'queue-policy': { label: 'Queue policy', colour: 'var(--c-slate)' },
  maintenance: { label: 'Maintenance', colour: 'var(--c-slate)' },
  failed: { label: 'Failed or rolled back', colour: 'var(--c-red)' },
  starting: { label: 'Starting', colour: 'var(--c-amber)' },
  loading: { label: 'Loading weights', colour: 'var(--c-amber)' },
  'left-on': { label: 'Left on', colour: 'var(--c-slate)' },
  checkpoint: { label: 'Checkpoint', colour: 'var(--c-amber)' },
  evaluation: { label: 'Evaluation', colour: 'var(--c-amber)' },
  'data-stall': { label: 'Waiting for data', colour: 'var(--c-amber)' },
  'host-cpu': { label: 'Waiting for the host', colour: 'var(--c-amber)' },
  network: { label: 'Waiting for the network', colour: 'var(--c-amber)' },
  throttled: { label: 'Throttled', colour: 'var(--c-violet)' },
  'pipeline-bubble': { label: 'Pipeline bubble', colour: 'var(--c-violet)' },
  communication: { label: 'Communication', colour: 'var(--c-violet)' },
  padding: { label: 'Padding', colour: 'var(--c-violet)' },
  'memory-bandwidth': { label: 'Memory bandwidth', colour: 'var(--c-teal)' },
  'low-occupancy': { label: 'Low occupancy', colour: 'var(--c-teal)' },
  unexplained: { label: 'Unexplained', colour: 'var(--c-empty)' },
  unknown: { label: 'Unknown', colour: 'var(--c-empty)' },
};

export const OUTCOME_WORDS: Record<Outcome, { label: string; tone: Tone }> = {
  success: { label: 'success', tone: 'good' },
  rejected: { label: 'rejected', tone: 'warn' },
  upstream_error: { label: 'upstream error', tone: 'bad' },
  engine_crash: { label: 'engine crash', tone: 'bad' },
  timeout: { label: 'timeout', tone: 'bad' },
  client_abort: { label: 'client abort', tone: 'warn' },
  shutdown: { label: 'shutdown', tone: 'warn' },
};
