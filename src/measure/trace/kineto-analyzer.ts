import { ok, TailraceError, type Result } from '../../records/errors.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { readKineto } from '../../records/kineto/read-kineto.ts';
import type { Analysis, AnalyzeOptions, Analyzer, FileHead } from '../analyze/analyzer.ts';
import { hasCost } from './operator-cost.ts';
import { openTrace } from './open-trace.ts';
import { analyzeRank } from './rank-analysis.ts';
import { traceJson } from './trace-json.ts';
import { traceTables } from './trace-tables.ts';
import { traceVerdict } from './trace-verdict.ts';

/** PyTorch/Kineto Chrome traces; several files are the ranks of one job. */
export const kinetoAnalyzer: Analyzer = {
  kind: 'kineto',
  title: 'PyTorch/Kineto trace (Chrome trace JSON)',
  files: 'together',
  recognises: ({ text, name }) => {
    const start = text.trimStart();
    if (start.startsWith('{') && /"(?:traceEvents|deviceProperties)"\s*:/.test(text)) return true;
    if (start.startsWith('[') && /"ph"\s*:\s*"/.test(text)) return true;
    // A trace cut off in its first bytes says nothing; its name still does.
    return /\.pt\.trace\.json(?:\.gz)?$/.test(name);
  },
  analyze,
};

async function analyze(
  heads: readonly FileHead[],
  options: AnalyzeOptions,
): Promise<Result<Analysis>> {
  try {
    const traces = await readAll(heads, options);
    const ranks = rankOf(traces).map(({ rank, trace }) => analyzeRank(rank, trace));
    return ok({
      kind: 'kineto',
      verdict: traceVerdict(ranks),
      tables: traceTables(ranks),
      notes: notesOf(traces),
      json: traceJson(ranks),
    });
  } catch (error) {
    if (error instanceof TailraceError) return { ok: false, error };
    throw error;
  }
}

async function readAll(
  heads: readonly FileHead[],
  { onProgress, signal }: AnalyzeOptions,
): Promise<KinetoTrace[]> {
  const totalBytes = heads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  const traces: KinetoTrace[] = [];
  for (const head of heads) {
    const onRead = (bytes: number): void => {
      doneBytes += bytes;
      onProgress?.(doneBytes, totalBytes);
    };
    const chunks = openTrace(head, onRead, signal);
    traces.push(await readKineto(chunks, { file: head.name, keepShapesOf: hasCost }));
  }
  return traces;
}

/** Ranks as the traces declare them when all do and they differ; else in the order of the files. */
function rankOf(traces: readonly KinetoTrace[]): Array<{ rank: number; trace: KinetoTrace }> {
  const declared = new Set(traces.map(({ rank }) => rank));
  const useful = traces.length > 1 && declared.size === traces.length && !declared.has(null);
  return traces
    .map((trace, index) => ({ rank: useful ? (trace.rank ?? index) : index, trace }))
    .sort((a, b) => a.rank - b.rank);
}

function notesOf(traces: readonly KinetoTrace[]): string[] {
  const frames = traces.some(({ frameCount }) => frameCount > 0);
  return [
    'a step runs from the end of its predecessor’s work on the accelerator to the end of its own',
    'all ranges are of the profiler’s clock; profiling itself slows the host',
    ...(frames ? ['the trace records call stacks, which slow the host further'] : []),
  ];
}
