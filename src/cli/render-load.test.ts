import { describe, expect, it } from 'vitest';
import type { LoadSummary } from '../plan/load/summary.ts';
import { createTally } from '../plan/load/tally.ts';
import { progressLine } from './load-progress.ts';
import { renderLoad } from './render-load.ts';

const none = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null };
const summary: LoadSummary = {
  kind: 'replay',
  target: 'http://127.0.0.1:8787',
  model: 'llama-3.1-8b',
  startedAtMs: 0,
  endedAtMs: 60_000,
  durationMs: 60_000,
  stopped: 'time',
  simulated: 'all',
  requests: { sent: 2000, succeeded: 1990, failed: 10, unsent: 5, failures: { TR_QUEUE_FULL: 10 } },
  tokens: { askedIn: 20_000, askedOut: 9000, in: 20_000, out: 8999, withoutUsage: 0 },
  rate: { askedPerS: 33.42, sentPerS: 33.33, succeededPerS: null },
  latency: {
    ttft: { count: 1990, p50Ms: 12.34, p95Ms: 80, p99Ms: 120.5, maxMs: 900 },
    tpot: none,
    e2e: { count: 1990, p50Ms: 1500, p95Ms: 2500, p99Ms: 3600, maxMs: 130_000 },
  },
  lateness: { count: 2000, p50Ms: 0.1, p95Ms: 0.4, p99Ms: 0.9, maxMs: 2 },
  reconciliation: {
    checks: [
      {
        what: 'output tokens',
        between: ['trace', 'replies'],
        ours: 9000,
        theirs: 8999,
        agree: false,
      },
      { what: 'requests', between: ['replies', 'ledger'], ours: 2000, theirs: 2000, agree: true },
    ],
    reason: null,
  },
};

describe('the summary on a screen', () => {
  it('says what was sent, how it ended, and every figure with its unit', () => {
    expect(renderLoad(summary, false)).toBe(
      [
        'replay to http://127.0.0.1:8787, model llama-3.1-8b, SIMULATED: no real accelerator',
        '  requests  2,000 sent, 1,990 succeeded, 10 failed, 5 not sent (too many under way) in 1 min; stopped at its time',
        '            10 x TR_QUEUE_FULL',
        '  tokens    20,000 in, 8,999 out (asked 20,000 and 9,000)',
        '  rate      asked 33.4/s, sent 33.3/s, succeeded unknown',
        '  lateness  p99 0.9 ms, most 2 ms',
        '',
        '  latency          p50       p95       p99      most     count',
        '  TTFT         12.3 ms     80 ms    121 ms    900 ms     1,990',
        '  TPOT         unknown   unknown   unknown   unknown         0',
        '  E2E           1.50 s    2.50 s    3.60 s   2.2 min     1,990',
        '  from the moment each arrival was due, at this client',
        '',
        '  reconciliation',
        '  DIFFER output tokens            trace 9,000, replies 8,999',
        '  agree  requests                 replies 2,000, ledger 2,000',
        '',
      ].join('\n'),
    );
  });

  it('explains lateness only where there is some', () => {
    const late = { ...summary, lateness: { ...summary.lateness, p99Ms: 900 } };
    expect(renderLoad(summary, false)).not.toContain('--connections');
    expect(renderLoad(late, false)).toContain('waited for a free connection (--connections)');
  });

  it('lets no name from outside drive the terminal', () => {
    const hostile = { ...summary, model: 'm\u001B[2J\nx' };
    expect(renderLoad(hostile, false)).toContain('model m[2Jx,');
  });
});

describe('the progress line', () => {
  it('shows how far, what is under way, and the p99 of the latest replies', () => {
    const tally = createTally();
    expect(progressLine(tally, 10, 500)).toMatch(
      /^░{24} 0 of 10, 0 under way, p99 not yet, 0.5 s$/,
    );
    tally.sent = 5;
    tally.add({
      failure: null,
      status: 200,
      requestId: null,
      simulated: false,
      lateMs: 0,
      ttftMs: 10,
      tpotMs: null,
      e2eMs: 250,
      askedInputTokens: 1,
      askedOutputTokens: 1,
      inputTokens: 1,
      outputTokens: 1,
    });
    const line = progressLine(tally, 10, 90_000);
    expect(line).toMatch(/^█{12}░{12} 5 of 10, 4 under way, p99 250 ms, 1.5 min$/);
  });
});
