import { basename } from 'node:path';
import { stat } from 'node:fs/promises';
import { accelerators, findAccelerator } from '../../catalog/accelerators.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { Analysis, AnalysisTable, Analyzer } from '../analyze/analyzer.ts';
import { readHead } from '../analyze/read-head.ts';
import { binarySize, percent, three } from './figures.ts';
import { parseNcclLog } from './nccl-log.ts';
import { catalogReference, logReference, type BusReference } from './nccl-reference.ts';
import { FLAG_SHARE, reportNccl, type NcclReport } from './nccl-report.ts';
import { asResult, wholeText } from './whole-text.ts';

/** Logs of NVIDIA's nccl-tests (and of AMD's rccl-tests, which print the same). */
export const ncclAnalyzer: Analyzer = {
  kind: 'nccl-tests',
  title: 'nccl-tests log',
  files: 'each',
  recognises: ({ text }) =>
    /\balgbw\s+busbw\b|#\s*Avg bus bandwidth\s*:|Collective test starting/.test(text) ||
    /^\s*\d+\s+\d+\s+(?:float|half|bfloat16|double|u?int\d+)\s+\w+\s+-?\d+\s+[\d.]+\s/m.test(text),
  async analyze([head], options) {
    if (head === undefined) throw new Error('a file is needed');
    const text = await wholeText(head);
    if (!text.ok) return text;
    const runs = asResult(() => parseNcclLog(text.value, head.name));
    if (!runs.ok) return runs;
    const reference = await referenceOf(options.reference);
    if (!reference.ok) return reference;
    return ok(analysisOf(runs.value.map((run) => reportNccl(run, reference.value))));
  },
};

/** A log file, or else the name of an accelerator of the catalog. */
async function referenceOf(path: string | undefined): Promise<Result<BusReference | null>> {
  if (path === undefined) return ok(null);
  const isFile = await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
  const name = basename(path);
  if (!isFile) {
    const accelerator = findAccelerator(name);
    const figure = accelerator === null ? null : catalogReference(accelerator);
    if (figure !== null) return ok(figure);
    const known = accelerators().flatMap((one) => (one.scaleUpGbPerS === null ? [] : one.id));
    const message = `${name} is neither a file nor one of ${known.join(', ')}`;
    return fail('TR_USAGE', message, { field: 'reference' });
  }
  const head = await readHead(name, path);
  if (!head.ok) return head;
  const text = await wholeText(head.value);
  if (!text.ok) return text;
  const runs = asResult(() => parseNcclLog(text.value, name));
  if (!runs.ok) return runs;
  const [run] = runs.value;
  return ok(run === undefined ? null : logReference(run, name));
}

function analysisOf(reports: readonly NcclReport[]): Analysis {
  return {
    kind: 'nccl-tests',
    verdict: reports.map(verdictOf).join('\n'),
    tables: reports.map(tableOf),
    notes: [
      'bus bandwidth: size over time, times the factor of the collective (nccl-tests, doc/PERFORMANCE.md)',
      ...new Set(reports.flatMap(notesOf)),
    ],
    json: reports.length === 1 ? { ...reports[0] } : { runs: reports },
  };
}

const nameOf = (report: NcclReport): string =>
  `${report.collective ?? 'unknown collective'} over ${report.ranks ?? 'unknown'} ranks`;

function verdictOf(report: NcclReport): string {
  const head =
    `${nameOf(report)}: average bus bandwidth ${three(report.averageBusGbPerS)} GB/s, ` +
    `peak ${three(report.peakBusGbPerS)} GB/s`;
  if (report.reference === null) return head;
  const judged = report.rows.filter((row) => row.shareOfReference !== null).length;
  return `${head}; ${report.flaggedRows} of ${judged} rows under ${percent(FLAG_SHARE, 0)} of ${report.reference}`;
}

const tableOf = (report: NcclReport): AnalysisTable => ({
  title: nameOf(report),
  header: ['size', 'time us', 'bus GB/s', 'reference', 'share', ''],
  rows: report.rows.map((row) => [
    binarySize(row.sizeBytes),
    three(row.timeUs),
    three(row.busGbPerS),
    row.referenceGbPerS === null ? '' : three(row.referenceGbPerS),
    row.shareOfReference === null ? '' : percent(row.shareOfReference, 0),
    row.flagged ? 'SLOW' : row.latencyBound ? 'latency-bound' : '',
  ]),
});

function notesOf(report: NcclReport): string[] {
  return [
    ...(report.ranksBasis === 'inferred'
      ? ['collective or ranks are inferred from the ratio of bus to algorithm bandwidth']
      : []),
    ...(report.averageAgrees === false
      ? [
          `the log says ${report.loggedAverageGbPerS} GB/s on average, its rows ` +
            `${three(report.averageBusGbPerS)}: rows are missing or mixed`,
        ]
      : []),
    ...((report.wrong ?? 0) > 0
      ? [`${report.wrong} wrong elements: do not trust this fabric`]
      : []),
    ...(report.reference === null
      ? ['--reference LOG or an accelerator of the catalog flags rows under 80 % of it']
      : []),
  ];
}
