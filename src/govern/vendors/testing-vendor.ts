import type { VendorFile } from './vendor-file.ts';
import type { Answer, CheckVerdict, Measure, ProbeReport, Review } from './vendor-records.ts';

/** Pieces of vendors for tests. */
export const NOW_MS = Date.parse('2027-01-31T00:00:00Z');
export const DAY_MS = 86_400_000;

export const answerOf = (question: string, change: Partial<Answer> = {}): Answer => ({
  question,
  value: null,
  text: 'words',
  document: null,
  answeredBy: 'ada',
  via: 'link',
  atMs: NOW_MS - 10 * DAY_MS,
  ...change,
});

export const reviewOf = (question: string, change: Partial<Review> = {}): Review => ({
  question,
  verdict: 'confirmed',
  note: 'seen',
  by: 'bob',
  atMs: NOW_MS - DAY_MS,
  ...change,
});

export const measureOf = (low: number, value: number, high: number | null): Measure => ({
  value,
  low,
  high,
  samples: 80,
});

const nothing: Measure = { value: null, low: null, high: null, samples: 0 };

export const probeOf = (
  verdict: CheckVerdict,
  ttft: Measure = nothing,
  change: Partial<ProbeReport> = {},
): ProbeReport => ({
  atMs: NOW_MS - DAY_MS,
  endpoint: 'https://api.example/v1',
  model: 'm',
  durationMs: 1,
  requests: 160,
  inputTokens: 1,
  outputTokens: 1,
  costUsd: null,
  simulated: false,
  stopped: null,
  checks: [{ id: 'pinning', verdict, summary: 'found', details: {} }],
  metrics: {
    ttftMsP50: nothing,
    ttftMsP95: ttft,
    ttftMsP99: nothing,
    tpotMsP50: nothing,
    tpotMsP95: nothing,
    e2eMsP95: nothing,
    goodPercent: nothing,
  },
  ...change,
});

export const fileOf = (change: Partial<VendorFile> = {}): VendorFile => ({
  vendor: { id: 'acme', name: 'Acme', kind: 'vendor', critical: false, atMs: 0 },
  answers: [],
  reviews: [],
  probes: [],
  quotes: [],
  ...change,
});
