import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { ok, TailraceError, type Result } from '../../records/errors.ts';
import { secondsPerStep, type MetricSeries } from '../../records/step-log/metric-series.ts';
import { metricCsvLayout, readMetricCsv } from '../../records/step-log/read-metric-csv.ts';
import { looksLikeStepLog, readStepLog } from '../../records/step-log/read-step-log.ts';
import type { StepRecord } from '../../records/step-log/step-record.ts';
import { summarizeSteps, type StepSummary } from '../../records/step-log/summarize-steps.ts';
import type { Analysis, Analyzer, FileHead } from '../analyze/analyzer.ts';
import { percent, three } from './figures.ts';
import { asResult, firstLine, wholeText } from './whole-text.ts';

/** Bound of what one analysis holds: some 2 GB of log. */
const MAX_STEPS = 8_000_000;

/** Step logs of training loops; files of several ranks are one job. */
export const stepLogAnalyzer: Analyzer = {
  kind: 'step-log',
  title: 'training step log (JSONL)',
  files: 'together',
  recognises: (head) => looksLikeStepLog(firstLine(head)),
  async analyze(heads, { signal, onProgress }) {
    const records: StepRecord[] = [];
    const notes: string[] = [];
    const totalBytes = heads.reduce((sum, head) => sum + head.sizeBytes, 0);
    let doneBytes = 0;
    for (const head of heads) {
      const read = await readInto(records, head, notes, signal);
      if (!read.ok) return read;
      doneBytes += head.sizeBytes;
      onProgress?.(doneBytes, totalBytes);
    }
    const summary = summarizeSteps(records);
    if (summary === null) throw new Error('a log that was read holds a step');
    return ok(stepsAnalysis(summary, notes));
  },
};

async function readInto(
  records: StepRecord[],
  head: FileHead,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<Result<null>> {
  const file = createReadStream(head.path);
  const stream = head.gzip ? file.pipe(createGunzip()) : file;
  const onCutEnd = (line: number): void =>
    void notes.push(`${head.name}: line ${line} was cut and is left out`);
  try {
    for await (const one of readStepLog(stream, { file: head.name, onCutEnd })) {
      if (signal?.aborted === true || records.length >= MAX_STEPS) break;
      records.push(one);
    }
    if (records.length >= MAX_STEPS) notes.push(`only the first ${MAX_STEPS} records were read`);
    return ok(null);
  } catch (error) {
    if (error instanceof TailraceError) return { ok: false, error };
    throw error;
  } finally {
    file.destroy();
  }
}

function stepsAnalysis(summary: StepSummary, notes: readonly string[]): Analysis {
  const losses = summary.phases.filter(({ phase }) => LOST.has(phase));
  const [largest] = losses.toSorted((a, b) => b.share - a.share);
  const median = `median step ${three(summary.medianStepMs)} ms over ${summary.ranks} rank${summary.ranks === 1 ? '' : 's'}`;
  return {
    kind: 'step-log',
    verdict:
      largest === undefined || largest.share === 0
        ? `${median}; no time outside of computing is recorded`
        : `${median}; largest loss: ${NAMES[largest.phase] ?? largest.phase}, ${percent(largest.share)} of the time${appetite(summary)}`,
    tables: [
      {
        title: 'phases',
        header: ['phase', 'share', 's in all'],
        rows: summary.phases
          .filter((one) => one.totalMs > 0)
          .map((one) => [one.phase, percent(one.share), three(one.totalMs / 1000)]),
      },
    ],
    notes: [
      'the first step of each rank is left out: it holds start-up',
      ...(summary.slowestRank === null
        ? []
        : [
            `rank ${summary.slowestRank.rank} is the slowest in ${percent(summary.slowestRank.share, 0)} of the steps`,
          ]),
      ...notes,
    ],
    json: { ...summary },
  };
}

/** What the loader gives and what the accelerators could take if they never waited for it. */
function appetite({ phases, samplesPerS, tokensPerS }: StepSummary): string {
  const share = phases.find((one) => one.phase === 'data')?.share ?? 0;
  const perS = samplesPerS ?? tokensPerS;
  if (perS === null || share === 0 || share >= 1) return '';
  const unit = samplesPerS === null ? 'tokens/s' : 'samples/s';
  return `; the loader gives ${three(perS)} ${unit}, the accelerators could take ${three(perS / (1 - share))}`;
}

/** Phases in which the accelerator does not compute. */
const LOST = new Set(['data', 'h2d', 'comm', 'checkpoint', 'eval', 'unexplained']);
const NAMES: Readonly<Record<string, string>> = {
  data: 'waiting for data',
  h2d: 'copies to the device',
  comm: 'communication',
  checkpoint: 'checkpoints',
  eval: 'evaluation',
  unexplained: 'time that no phase covers',
};

/** Scalars exported by TensorBoard, or a table of W&B. */
export const metricCsvAnalyzer: Analyzer = {
  kind: 'metric-csv',
  title: 'TensorBoard or W&B CSV',
  files: 'each',
  recognises: (head) => metricCsvLayout(firstLine(head)) !== null,
  async analyze([head]) {
    if (head === undefined) throw new Error('a file is needed');
    const text = await wholeText(head);
    if (!text.ok) return text;
    const name = basename(head.name).replace(/\.csv(?:\.gz)?$/i, '');
    const series = asResult(() => readMetricCsv(text.value, head.name, name));
    return series.ok ? ok(metricsAnalysis(series.value)) : series;
  },
};

function metricsAnalysis(series: readonly MetricSeries[]): Analysis {
  const paces = series.flatMap((one) => secondsPerStep(one) ?? []);
  const [pace] = paces;
  return {
    kind: 'metric-csv',
    verdict:
      pace === undefined
        ? `${series.length} metrics; the export has no times, so the pace is unknown`
        : `${series.length} metrics, ${three(pace * 1000)} ms a step from first to last point`,
    tables: [
      {
        title: 'metrics',
        header: ['metric', 'points', 'steps', 'first', 'last'],
        rows: series.map(({ name, points }) => [
          name,
          String(points.length),
          `${points[0]?.step ?? ''} to ${points.at(-1)?.step ?? ''}`,
          three(points[0]?.value ?? null),
          three(points.at(-1)?.value ?? null),
        ]),
      },
    ],
    notes: [
      'a pace includes whatever happened between the points: evaluation, checkpoints, pauses',
    ],
    json: { metrics: series, secondsPerStep: pace ?? null },
  };
}
