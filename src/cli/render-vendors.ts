import type { Comparison } from '../govern/vendors/compare-vendors.ts';
import type { AnswerChange } from '../govern/vendors/diff-vendor.ts';
import type { ProbePlan } from '../govern/vendors/probe/probe-plan.ts';
import type { ProbeSettings } from '../govern/vendors/probe/probe-settings.ts';
import type { Measure, ProbeReport } from '../govern/vendors/vendor-records.ts';
import type { OfferResult, QuoteComparison } from '../plan/quotes/quote-comparison.ts';
import { textTable } from './text-table.ts';

const GAPS = 12;
const score = (value: number): string => value.toFixed(2);

/** Scores by layer, then gaps and contradictions of each; every question with `all`. */
export function renderComparison(comparison: Comparison, all: boolean): string {
  const { vendors, rows } = comparison;
  if (vendors.length === 0) return 'no vendors yet; see tailrace help vendor import\n';
  const names = vendors.map(({ id }) => id);
  const layerNames = vendors[0]?.layers.map(({ layer }) => layer) ?? [];
  const scores = textTable(
    ['score of 3', ...names],
    [
      ['all', ...vendors.map((one) => score(one.score))],
      ...layerNames.map((name, i) => layerRow(name, i, vendors)),
      ['answered', ...vendors.map(({ answered }) => `${answered} of ${rows.length}`)],
      ['grades 0/1/2/3', ...vendors.map(({ grades }) => grades.join('/'))],
      ...(vendors.some(({ simulated }) => simulated)
        ? [['simulated', ...vendors.map((one) => (one.simulated ? 'in part' : 'no'))]]
        : []),
    ],
  );
  const table = all
    ? `\n${textTable(
        ['question', 'weight', ...names],
        rows.map((row) =>
          [row.question, String(row.weight)].concat(
            row.cells.map(({ grade, reason }) => `${grade} ${reason}`),
          ),
        ),
      )}`
    : '';
  return `${scores}${table}${vendors.map((one) => vendorText(one)).join('')}`;
}

const layerRow = (name: string, at: number, vendors: Comparison['vendors']): string[] =>
  [name].concat(vendors.map(({ layers }) => score(layers[at]?.score ?? 0)));

function vendorText({ name, contradictions, gaps }: Comparison['vendors'][number]): string {
  const said = contradictions.map(({ question, note }) => `  ! ${question}: ${note}\n`).join('');
  const more = gaps.length > GAPS ? ` and ${gaps.length - GAPS} more` : '';
  const list = gaps.length === 0 ? 'none' : `${gaps.slice(0, GAPS).join(', ')}${more}`;
  return `\n${name}\n${said}  gaps: ${list}\n`;
}

export function renderChanges(
  vendors: ReadonlyArray<{ vendor: string; changes: readonly AnswerChange[] }>,
): string {
  return vendors
    .map(({ vendor, changes }) => {
      const lines = changes.map(
        ({ question, kind, before, after }) =>
          `  ${question}: ${kind === 'answer' ? 'answered anew, ' : ''}` +
          `grade ${before.grade} (${before.reason}) to ${after.grade} (${after.reason}): ${after.note}\n`,
      );
      return `${vendor}\n${lines.length === 0 ? '  nothing changed\n' : lines.join('')}`;
    })
    .join('\n');
}

/** What a probe sends at most: shown before anything is sent. */
export function renderProbePlan(plan: ProbePlan, settings: ProbeSettings): string {
  const cost =
    plan.maxUsd === null
      ? 'no prices given (--usd-in, --usd-out), so the cost is not known'
      : `at most $${plan.maxUsd.toFixed(4)}`;
  const chats = plan.steps.filter((one) => one.kind === 'chat').length;
  return (
    `to ${settings.endpoint}, model ${settings.model}:\n` +
    `  ${plan.steps.length} requests, one at a time, at most ${settings.perSecond} a second ` +
    `(some ${Math.ceil(plan.seconds)} s), and two TLS handshakes\n` +
    `  ${chats} chats of at most ${settings.maxTokens} reply tokens, the rest wrong on purpose\n` +
    `  at most ${plan.inputTokens} tokens in and ${plan.outputTokens} out, ${cost}\n`
  );
}

export function renderProbe(report: ProbeReport): string {
  const figure = ({ value, low, high, samples }: Measure): string =>
    value === null
      ? 'unknown'
      : `${value.toFixed(1)} (95 %: ${low?.toFixed(1) ?? '?'} to ${high?.toFixed(1) ?? '?'}, ${samples} samples)`;
  const checks = textTable(
    ['check', 'verdict', 'found'],
    report.checks.map(({ id, verdict, summary }) => [id, verdict, summary]),
  );
  const metrics = textTable(
    ['measured', ''],
    Object.entries(report.metrics).map(([name, one]) => [name, figure(one)]),
  );
  const cost = report.costUsd === null ? '' : `, $${report.costUsd.toFixed(4)}`;
  const stopped = report.stopped === null ? '' : `\nstopped: ${report.stopped}\n`;
  const simulated = report.simulated ? 'the endpoint is a simulated engine\n' : '';
  return `${checks}\n${metrics}\n${report.requests} requests${cost}\n${simulated}${stopped}`;
}

export function renderQuotes(comparison: QuoteComparison): string {
  const { offers, findings, ratePerS, neededBy } = comparison;
  const of = (show: (offer: OfferResult) => string): string[] => offers.map(show);
  const usd = (value: number | null): string =>
    value === null ? 'unknown' : `$${value.toLocaleString('en-US', { maximumFractionDigits: 2 })}`;
  const table = textTable(
    [`${ratePerS} requests/s`, ...of(({ vendor }) => vendor)],
    [
      ['offer', ...of(({ name }) => name)],
      [
        'needed of quoted',
        ...of(({ fleet, accelerators }) => `${fleet?.accelerators ?? 'more'} of ${accelerators}`),
      ],
      ['USD a million tokens', ...of((one) => usd(one.usdPerMillionTokens))],
      ['if only what is needed', ...of((one) => usd(one.neededUsdPerMillionTokens))],
      ['USD an hour', ...of((one) => usd(one.usdPerHour))],
      ['power', ...of(powerText)],
      ['delivered', ...of(({ delivered }) => `${delivered.earliest} to ${delivered.latest}`)],
      [
        'ready',
        ...of(({ ready }) => (ready === null ? 'unknown' : `${ready.earliest} to ${ready.latest}`)),
      ],
      [`first year from ${neededBy}`, ...of((one) => usd(one.firstYearUsd))],
    ],
  );
  return `${table}\n${findings.map((one) => `- ${one}\n`).join('')}`;
}

const powerText = ({ power }: OfferResult): string =>
  power.fits === null
    ? 'unknown'
    : power.fits
      ? 'fits'
      : `${power.overKw} kW over ${power.limit ?? ''}`;
