import { typicalRental } from '../../catalog/rental.ts';
import { ok } from '../../records/errors.ts';
import type { Analysis, Analyzer } from '../analyze/analyzer.ts';
import { parseDlioRaw, type DlioRank } from './dlio-raw.ts';
import { parseDlioSummary, type DlioSummary } from './dlio-summary.ts';
import { dlioUse, type DlioUse } from './dlio-use.ts';
import { percent, three } from './figures.ts';
import { looksLikeMlperfRuns, parseMlperfRuns, type MlperfRun } from './mlperf-runs.ts';
import { asResult, firstLine, wholeText } from './whole-text.ts';

const BILL_NOTE =
  'AU (published) leaves out the first step, wall AU counts it; the accelerators are paid for during ' +
  'the first step too, so wall AU pays the bill';

/** Raw step times of DLIO, the engine of MLPerf Storage; files of several ranks are one run. */
export const dlioRawAnalyzer: Analyzer = {
  kind: 'mlperf-storage-raw',
  title: 'MLPerf Storage (DLIO) raw output',
  files: 'together',
  recognises: ({ text }) =>
    text.trimStart().startsWith('{') && /"(?:load|proc)"\s*:\s*\{\s*"(?:block\d+|eval)"/.test(text),
  async analyze(heads) {
    const ranks: Record<string, DlioRank> = {};
    for (const head of heads) {
      const text = await wholeText(head);
      if (!text.ok) return text;
      const raw = asResult(() => parseDlioRaw(text.value, head.name));
      if (!raw.ok) return raw;
      for (const [rank, one] of Object.entries(raw.value.ranks)) {
        ranks[heads.length === 1 ? rank : `${head.name}/${rank}`] = one;
      }
    }
    const name = heads.map((head) => head.name).join(', ');
    const use = asResult(() => dlioUse({ ranks }, name, null));
    return use.ok ? ok(rawAnalysis(use.value)) : use;
  },
};

function rawAnalysis(use: DlioUse): Analysis {
  const lost = percent(1 - use.wallAu);
  return {
    kind: 'mlperf-storage-raw',
    verdict:
      `AU ${percent(use.au, 2)} over ${use.ranks} accelerators; wall AU ${percent(use.wallAu, 2)}: ` +
      `${lost} of the accelerators' time is lost waiting for data and for each other`,
    tables: [
      {
        title: 'by epoch',
        header: ['epoch', 'AU', 'wall AU', 'hidden points'],
        rows: use.epochs.map(({ epoch, au, wallAu }) => [
          epoch,
          percent(au, 2),
          percent(wallAu, 2),
          ((au - wallAu) * 100).toFixed(2),
        ]),
      },
    ],
    notes: [
      BILL_NOTE,
      `the first batch takes ${three(use.meanFirstLoadS)} s, a later one ${three(use.meanLoadS * 1000)} ms`,
      `batch size ${use.batchSize} (${use.batchBasis})`,
    ],
    json: {
      auPercent: use.au * 100,
      wallAuPercent: use.wallAu * 100,
      hiddenPoints: (use.au - use.wallAu) * 100,
      billedBy: 'wallAuPercent',
      ...use,
    },
  };
}

/** `summary.json` of an MLPerf Storage run. */
export const dlioSummaryAnalyzer: Analyzer = {
  kind: 'mlperf-storage-summary',
  title: 'MLPerf Storage (DLIO) summary',
  files: 'each',
  recognises: ({ text }) =>
    text.trimStart().startsWith('{') && text.includes('"train_throughput_mean_samples_per_second"'),
  async analyze([head]) {
    if (head === undefined) throw new Error('a file is needed');
    const text = await wholeText(head);
    if (!text.ok) return text;
    const summary = asResult(() => parseDlioSummary(text.value, head.name));
    return summary.ok ? ok(summaryAnalysis(summary.value)) : summary;
  },
};

const CATALOG_ID = { a100: 'a100-sxm', h100: 'h100-sxm' } as const;

function summaryAnalysis(summary: DlioSummary): Analysis {
  const { accelerators, accelerator, wallAu } = summary;
  const rental = accelerator === null ? null : typicalRental(CATALOG_ID[accelerator]);
  const lostUsdPerDay =
    rental === null || wallAu === null
      ? null
      : accelerators * rental.medianUsdPerHour * 24 * (1 - wallAu);
  const workload = `${summary.workload ?? 'unknown workload'} on ${accelerator ?? 'unknown accelerators'}`;
  const money =
    lostUsdPerDay === null
      ? ''
      : `; waiting would cost $${three(lostUsdPerDay)} a day at the median rental of ${rental?.asOf ?? ''}`;
  return {
    kind: 'mlperf-storage-summary',
    verdict: `${workload}: AU ${percent(summary.au, 2)}, wall AU ${percent(wallAu, 2)}${money}`,
    tables: [
      {
        title: 'run',
        header: ['figure', 'value'],
        rows: [
          ['accelerators', String(accelerators)],
          ['verdict of the benchmark', summary.verdict ?? 'unknown'],
          ['samples/s', three(summary.samplesPerS)],
          ['MiB/s', three(summary.ioMbPerS)],
          ['MiB/s an accelerator', three(summary.perAcceleratorMbPerS)],
          ['points hidden by the first step', three((summary.hiddenShare ?? 0) * 100)],
        ],
      },
    ],
    notes: [
      BILL_NOTE,
      'workload and accelerator do not stand in a summary: inferred from record size and AU',
    ],
    json: { ...summary, lostUsdPerDay },
  };
}

/** A table of runs, as derived from published results. */
export const mlperfRunsAnalyzer: Analyzer = {
  kind: 'mlperf-storage-runs',
  title: 'table of MLPerf Storage runs',
  files: 'each',
  recognises: (head) => looksLikeMlperfRuns(firstLine(head)),
  async analyze([head]) {
    if (head === undefined) throw new Error('a file is needed');
    const text = await wholeText(head);
    if (!text.ok) return text;
    const runs = asResult(() => parseMlperfRuns(text.value, head.name));
    return runs.ok ? ok(runsAnalysis(runs.value)) : runs;
  },
};

function runsAnalysis(runs: readonly MlperfRun[]): Analysis {
  const hidden = runs.map((run) => run.hiddenShare * 100);
  const mean = hidden.reduce((sum, one) => sum + one, 0) / Math.max(1, hidden.length);
  const failed = runs.filter((run) => !run.meetsThreshold).length;
  return {
    kind: 'mlperf-storage-runs',
    verdict:
      `${runs.length} runs, ${failed} under their threshold; the published AU hides ${three(mean)} points on ` +
      `average, ${three(Math.max(...hidden))} at most`,
    tables: [
      {
        title: 'runs',
        header: ['run', 'workload', 'accelerators', 'AU', 'wall AU', 'hidden', 'MB/s each'],
        rows: runs.map((run) => [
          run.name,
          run.workload,
          String(run.accelerators),
          percent(run.au, 2),
          percent(run.wallAu, 2),
          (run.hiddenShare * 100).toFixed(2),
          three(run.perAcceleratorMbPerS),
        ]),
      },
    ],
    notes: [BILL_NOTE],
    json: { runs, meanHiddenPoints: mean, underThreshold: failed },
  };
}
