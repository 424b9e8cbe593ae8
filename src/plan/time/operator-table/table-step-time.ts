import type { StepTime, StepTimeModel, StepWork } from '../step-time.ts';
import { attentionTime } from './attention-time.ts';
import type { OperatorCurve, OperatorTable } from './operator-table.ts';
import { sampledCurve, type RowFunction } from './sampled-curve.ts';
import { skewShare } from './skew-share.ts';

/** What the table does not say. */
export interface TableOptions {
  layers: number;
  /** Query heads that share keys and values. */
  headsPerKv: number;
  /** Sizes to which a step's tokens are rounded up when CUDA graphs replay it, ascending; empty: eager. */
  graphSizes: readonly number[];
  /** Collectives of one step over the tokens of a rank and the sequences that it samples, milliseconds. */
  collectiveMs: (tokens: number, sampled: number) => number;
  /** Host work that nothing overlaps, milliseconds. */
  stepOverheadMs: number;
  /** Experts' time of one layer over the tokens of all ranks, microseconds; null for dense models. */
  expertsUs: ((tokens: number) => number) | null;
  /** Share to assume where a skew bucket was not measured. */
  skewDefault: number;
}

/**
 * Step time from measured operator times: the sum of all operators, since kernels of one stream follow one
 * another. The parts: attention of decodes, the output head and what dense layers take for a single token are bound by
 * memory; what prompts and further tokens add is bound by arithmetic. Cost: about 0.1 us for decodes,
 * 0.5 us with prompts.
 */
export function tableStepTime(table: OperatorTable, options: TableOptions): StepTimeModel {
  const { layers, graphSizes, expertsUs } = options;
  const dense = denseUs(table.dense, layers);
  const head = denseUs(table.perSequence, layers);
  const attention = attentionTime(table, options.headsPerKv);
  const skew = skewShare(table.skew, options.skewDefault);
  const padded = paddingTo(graphSizes);
  const largest = graphSizes.at(-1) ?? 0;
  const denseFloorUs = dense(1);
  const expertFloorUs = expertsUs === null ? 0 : layers * expertsUs(1);

  const decodeAttentionUs = (work: StepWork): number => {
    const { decodeTokens: n, decodeContextTokens, decodeLongestTokens } = work;
    if (n === 0) return 0;
    const mean = decodeContextTokens / n;
    const meanUs = attention.decode(n, mean);
    if (skew === null || decodeLongestTokens <= mean) return meanUs;
    const share = skew(0, n, mean, decodeLongestTokens, 0);
    return meanUs + share * (attention.decode(n, decodeLongestTokens) - meanUs);
  };

  const mixedAttentionUs = (work: StepWork): number => {
    const { prefillTokens, prefillPairs, decodeTokens: n, decodeLongestTokens: longest } = work;
    if (prefillTokens === 0) return 0;
    const mean = n === 0 ? 0 : work.decodeContextTokens / n;
    const meanUs = attention.mixed(prefillTokens, prefillPairs, n, mean);
    if (skew === null || n < 2 || longest <= mean) return meanUs;
    const context = Math.max(0, prefillPairs / prefillTokens - (prefillTokens + 1) / 2);
    const share = skew(prefillTokens, n, mean, longest, context);
    return meanUs + share * (attention.mixed(prefillTokens, prefillPairs, n, longest) - meanUs);
  };

  /** Kernels of one rank, without experts. */
  const kernels = (work: StepWork, tokens: number): Kernels => {
    const decodeUs = decodeAttentionUs(work);
    const attentionUs = work.prefillTokens > 0 ? mixedAttentionUs(work) : decodeUs;
    const rowsUs = dense(tokens);
    const headUs = head(work.sampledTokens);
    return {
      totalUs: rowsUs + layers * attentionUs + headUs,
      memoryUs: Math.min(rowsUs, denseFloorUs) + layers * Math.min(attentionUs, decodeUs) + headUs,
    };
  };

  /** Ranks meet in every layer, so the slowest sets the pace. */
  const slowest = (ranks: readonly StepWork[], tokens: readonly number[]): Kernels => {
    let worst: Kernels = { totalUs: 0, memoryUs: 0 };
    for (const [i, rank] of ranks.entries()) {
      const one = kernels(rank, tokens[i] ?? 0);
      if (one.totalUs > worst.totalUs) worst = one;
    }
    return worst;
  };

  const stepTime = (work: StepWork): StepTime => {
    const own = padded(work.prefillTokens + work.decodeTokens);
    const rankTokens =
      work.ranks === undefined ? null : paddedTogether(work.ranks, padded, largest);
    const { totalUs, memoryUs } =
      work.ranks === undefined || rankTokens === null
        ? kernels(work, own)
        : slowest(work.ranks, rankTokens);
    const most = rankTokens === null ? own : Math.max(...rankTokens);
    const all = rankTokens === null ? own : rankTokens.reduce((sum, one) => sum + one, 0);
    const expertUs = expertsUs === null ? 0 : layers * expertsUs(all);
    const memoryMs = (memoryUs + Math.min(expertUs, expertFloorUs)) / 1000;
    const computeMs = Math.max(0, (totalUs + expertUs) / 1000 - memoryMs);
    const sampled = work.ranks?.reduce((top, one) => Math.max(top, one.sampledTokens), 0);
    const collectiveMs = options.collectiveMs(most, sampled ?? work.sampledTokens);
    const overheadMs = options.stepOverheadMs;
    const totalMs = computeMs + memoryMs + collectiveMs + overheadMs;
    return { totalMs, computeMs, memoryMs, collectiveMs, overheadMs };
  };
  return { provenance: 'measured-table', stepTime };
}

interface Kernels {
  totalUs: number;
  /** The part that is bound by memory. */
  memoryUs: number;
}

/**
 * Tokens of each rank as its kernels see them: every rank pads to a graph by itself; when all use
 * graphs, all take the largest (vLLM pads data-parallel ranks to the same size).
 */
function paddedTogether(
  ranks: readonly StepWork[],
  padded: (tokens: number) => number,
  largest: number,
): number[] {
  // A rank without work runs one token along, so that the collectives of the others can end.
  const own = ranks.map((one) => padded(Math.max(1, one.prefillTokens + one.decodeTokens)));
  const most = Math.max(...own);
  return most <= largest ? own.map(() => most) : own;
}

/** All operators of a step over its rows, microseconds: one curve, on the union of their samples. */
function denseUs(operators: readonly OperatorCurve[], layers: number): RowFunction {
  if (operators.length === 0) return () => 0;
  const rows = [...new Set(operators.flatMap((one) => one.rows))].sort((a, b) => a - b);
  const functions = operators.map((one) => ({
    calls: one.callsPerLayer === 0 ? 1 : one.callsPerLayer * layers,
    at: sampledCurve(one.rows, one.timesUs),
  }));
  const sums = rows.map((x) => functions.reduce((sum, { calls, at }) => sum + calls * at(x), 0));
  const curve = sampledCurve(rows, sums);
  return (x) => (x === 0 ? 0 : curve(x));
}

function paddingTo(graphSizes: readonly number[]): (tokens: number) => number {
  const largest = graphSizes.at(-1) ?? 0;
  const sizes = new Int32Array(largest + 1);
  let at = 0;
  for (let tokens = 0; tokens <= largest; tokens += 1) {
    while ((graphSizes[at] ?? largest) < tokens) at += 1;
    sizes[tokens] = graphSizes[at] ?? tokens;
  }
  return (tokens) => (tokens <= largest ? (sizes[tokens] ?? tokens) : tokens);
}
