import type { ClosedLoopQuery, ParallelLayout } from './closed-loop-query.ts';

/** Where a query lies among others: what it is (names) and how much it asks (logarithms to base 2). */
export interface Point {
  engine: string;
  model: string;
  accelerator: string;
  quantization: string;
  /** Tensor, data and expert parallelism in words. */
  layout: string;
  /** Attention ranks hold different requests. */
  dataParallel: boolean;
  /** log2 of concurrency, input tokens, output tokens, accelerators. */
  numbers: readonly [number, number, number, number];
}

export function pointOf(query: ClosedLoopQuery): Point {
  const { layout, prefillLayout } = query;
  const prefill = prefillLayout === null ? '' : `<${layoutName(prefillLayout)}`;
  return {
    engine: query.engine,
    model: query.model.id,
    accelerator: query.accelerator.id,
    quantization: query.quantization,
    layout: `${layoutName(layout)}${prefill}`,
    dataParallel: layout.data > 1,
    numbers: [
      Math.log2(query.concurrency),
      Math.log2(query.inputTokens),
      Math.log2(query.outputTokens),
      Math.log2(layout.tensor * layout.data),
    ],
  };
}

/** The same model in the same number format on the same accelerator. */
export const isDeployment = (a: Point, b: Point): boolean =>
  a.model === b.model && a.accelerator === b.accelerator && a.quantization === b.quantization;

/** Everything but concurrency: runs that differ only in load or are repeats belong to one sweep. */
export function sweepOf(query: ClosedLoopQuery): string {
  const { engine, model, accelerator, quantization, layout } = pointOf(query);
  const { inputTokens, outputTokens } = query;
  return [engine, model, accelerator, quantization, layout, inputTokens, outputTokens].join(' ');
}

const layoutName = ({ tensor, pipeline, data, expertParallel }: ParallelLayout): string =>
  `t${tensor}p${pipeline}d${data}${expertParallel ? 'e' : ''}`;

/** Variances of the effects, in squared logarithms; lengths in doublings. Chosen by cross-validation. */
export interface SimilarityScale {
  all: number;
  engine: number;
  model: number;
  accelerator: number;
  modelQuantization: number;
  /** Engine, model, accelerator and quantization together. */
  deployment: number;
  layout: number;
  dataParallel: number;
  /** Smooth effects of the numbers: for all, and within what the name says. */
  smooth: number;
  smoothAccelerator: number;
  smoothDataParallel: number;
  smoothModel: number;
  smoothModelQuantization: number;
  smoothDeployment: number;
  smoothLayout: number;
  lengths: readonly [number, number, number, number];
  /** Variance of one measurement around its mean. */
  noise: number;
}

/**
 * Covariance of the errors of the physical form at two points: shrunken effects of model, accelerator, number format and
 * layout (random effects; Henderson, Biometrics 31(2), 1975) plus smooth effects of load and lengths
 * (squared exponential; Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, ch. 4).
 */
export function similarity(a: Point, b: Point, s: SimilarityScale): number {
  let distance = 0;
  for (let i = 0; i < 4; i += 1) {
    const step = ((a.numbers[i] ?? 0) - (b.numbers[i] ?? 0)) / (s.lengths[i] ?? 1);
    distance += step * step;
  }
  const near = Math.exp(-distance / 2);
  let sum = s.all + s.smooth * near;
  const accelerator = a.accelerator === b.accelerator;
  const engine = a.engine === b.engine;
  const dataParallel = a.dataParallel === b.dataParallel;
  if (engine) sum += s.engine;
  if (accelerator) sum += s.accelerator + s.smoothAccelerator * near;
  if (dataParallel) sum += s.smoothDataParallel * near;
  if (a.model !== b.model) return sum;
  sum += s.model + s.smoothModel * near;
  if (dataParallel) sum += s.dataParallel;
  if (a.quantization !== b.quantization) return sum;
  sum += s.modelQuantization + s.smoothModelQuantization * near;
  if (!accelerator || !engine) return sum;
  sum += s.deployment + s.smoothDeployment * near;
  return a.layout === b.layout ? sum + s.layout + s.smoothLayout * near : sum;
}
