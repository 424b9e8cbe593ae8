import type { Quantiles } from '../plan/load/quantiles.ts';
import type { Check, Reconciliation } from '../plan/load/reconcile.ts';
import type { LoadSummary } from '../plan/load/summary.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { count, duration, milliseconds, plain } from './answer-units.ts';

const STOPPED: Record<LoadSummary['stopped'], string> = {
  end: 'all arrivals were due',
  count: 'stopped at its count',
  time: 'stopped at its time',
  interrupted: 'interrupted',
};

const SIMULATED: Record<LoadSummary['simulated'], string> = {
  none: '',
  some: ', partly SIMULATED',
  all: ', SIMULATED: no real accelerator',
};

/** From here on lateness is told as a problem: it is more than a timer's. */
const LATE_MS = 100;
const LATE_HINT =
  'waited for a free connection (--connections) or for this process; it is in the latency';

/** A load run on one screen; pure. */
export function renderLoad(summary: LoadSummary, colour: boolean): string {
  const paint = createPaint(colour);
  const { requests, tokens, rate, lateness } = summary;
  const failures = Object.entries(requests.failures);
  const lines = [
    paint.bold(
      `${summary.kind} to ${plain(summary.target)}, model ${plain(summary.model)}` +
        SIMULATED[summary.simulated],
    ),
    row('requests', requestLine(summary)),
    ...failures.map(([code, n]) => row('', paint.bad(`${count(n)} x ${plain(code)}`))),
    row(
      'tokens',
      `${count(tokens.in)} in, ${count(tokens.out)} out` +
        ` (asked ${count(tokens.askedIn)} and ${count(tokens.askedOut)})` +
        (tokens.withoutUsage > 0 ? `, ${count(tokens.withoutUsage)} replies without usage` : ''),
    ),
    row(
      'rate',
      `asked ${perS(rate.askedPerS)}, sent ${perS(rate.sentPerS)}, succeeded ${perS(rate.succeededPerS)}`,
    ),
    row('lateness', `p99 ${milliseconds(lateness.p99Ms)}, most ${milliseconds(lateness.maxMs)}`),
    ...((lateness.p99Ms ?? 0) > LATE_MS ? [row('', paint.warn(LATE_HINT))] : []),
    '',
    ...latencyTable(summary.latency),
    '',
    ...reconciliationLines(summary.reconciliation, paint),
  ];
  return `${lines.join('\n')}\n`;
}

const row = (name: string, text: string): string => `  ${name.padEnd(10)}${text}`;

const perS = (rate: number | null): string =>
  rate === null ? 'unknown' : `${Number(rate.toPrecision(3))}/s`;

function requestLine({ requests, durationMs, stopped }: LoadSummary): string {
  const parts = [`${count(requests.sent)} sent`, `${count(requests.succeeded)} succeeded`];
  if (requests.failed > 0) parts.push(`${count(requests.failed)} failed`);
  if (requests.unsent > 0) parts.push(`${count(requests.unsent)} not sent (too many under way)`);
  return `${parts.join(', ')} in ${duration(durationMs)}; ${STOPPED[stopped]}`;
}

function latencyTable(latency: LoadSummary['latency']): string[] {
  const cell = (text: string): string => text.padStart(10);
  const line = (name: string, q: Quantiles): string =>
    `  ${name.padEnd(10)}` +
    [q.p50Ms, q.p95Ms, q.p99Ms, q.maxMs].map((ms) => cell(milliseconds(ms))).join('') +
    cell(count(q.count));
  return [
    `  ${'latency'.padEnd(10)}${['p50', 'p95', 'p99', 'most', 'count'].map(cell).join('')}`,
    line('TTFT', latency.ttft),
    line('TPOT', latency.tpot),
    line('E2E', latency.e2e),
    '  from the moment each arrival was due, at this client',
  ];
}

function reconciliationLines({ checks, reason }: Reconciliation, paint: Paint): string[] {
  const lines = checks.map((check) => checkLine(check, paint));
  if (reason !== null) lines.push(`  not compared with the ledger: ${plain(reason)}`);
  return ['  reconciliation', ...lines];
}

function checkLine({ what, between, ours, theirs, agree }: Check, paint: Paint): string {
  const verdict = agree ? paint.good('agree ') : paint.bad('DIFFER');
  const [we, they] = between;
  const line = `${plain(what).padEnd(24)} ${we} ${figure(ours)}, ${they} ${figure(theirs)}`;
  return `  ${verdict} ${line}`;
}

const figure = (value: number | null): string => {
  if (value === null) return 'unknown';
  return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(5)));
};
