import { robustFit } from '../fitted/robust-fit.ts';
import { alphaBetaMs, EXCHANGE_COEFFICIENTS, type ExchangeCoefficients } from './alpha-beta.ts';
import { curveOf, familyOf, type Exchange, type MeasuredExchange } from './exchange.ts';

/** What is added to the common form: a difference of logarithms at log2 of the bytes, ascending. */
export type Knots = ReadonlyArray<readonly [number, number]>;

export interface CollectiveModel {
  /** Common form by software. */
  forms: ReadonlyMap<string, ExchangeCoefficients>;
  /** By family, log(measured / form); by curve, what is then left. */
  curves: ReadonlyMap<string, Knots>;
}

/** Knots per doubling of the bytes at most: measurements closer than that are averaged. */
const KNOTS_PER_DOUBLING = 2;

/** Fits the common form per software by least squares on logarithms, then what each measured curve adds. */
export function fitCollectives(measured: readonly MeasuredExchange[]): CollectiveModel {
  const forms = new Map<string, ExchangeCoefficients>();
  for (const [software, rows] of Map.groupBy(measured, (row) => row.software)) {
    const logs = Float64Array.from(rows, (row) => Math.log(row.ms));
    const predict = (q: readonly number[]) =>
      Float64Array.from(rows, (row) => Math.log(alphaBetaMs(row, q)));
    forms.set(software, robustFit(predict, logs, EXCHANGE_COEFFICIENTS));
  }
  const curves = new Map<string, Knots>();
  const model: CollectiveModel = { forms, curves };
  for (const level of [familyOf, curveOf]) {
    const added = [...Map.groupBy(measured, level)].map(
      ([name, rows]) => [name, knotsOf(rows, model)] as const,
    );
    for (const [name, knots] of added) curves.set(name, knots);
  }
  return model;
}

function knotsOf(rows: readonly MeasuredExchange[], model: CollectiveModel): Knots {
  const bins = Map.groupBy(rows, (row) => Math.round(Math.log2(row.bytes) * KNOTS_PER_DOUBLING));
  return [...bins.values()]
    .map((members): readonly [number, number] => [
      average(members.map((row) => Math.log2(row.bytes))),
      average(members.map((row) => Math.log(row.ms / exchangeTime(model, row).ms))),
    ])
    .sort((a, b) => a[0] - b[0]);
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export interface ExchangeTime {
  ms: number;
  /** Of a family that was measured; otherwise from the common form of the software, or of NCCL. */
  provenance: 'measured-table' | 'fitted';
}

/**
 * Milliseconds of an exchange: the common form times what its family and its curve add, linear in the logarithm of
 * the bytes between measured sizes and constant beyond them. Pure; about a microsecond.
 */
export function exchangeTime(model: CollectiveModel, exchange: Exchange): ExchangeTime {
  if (exchange.ranks <= 1 || exchange.bytes <= 0) return { ms: 0, provenance: 'fitted' };
  const form = model.forms.get(exchange.software) ?? model.forms.get('nccl') ?? [];
  const at = Math.log2(exchange.bytes);
  const family = model.curves.get(familyOf(exchange)) ?? [];
  const curve = model.curves.get(curveOf(exchange)) ?? [];
  const ms = alphaBetaMs(exchange, form) * Math.exp(between(family, at) + between(curve, at));
  return { ms, provenance: family.length > 0 ? 'measured-table' : 'fitted' };
}

/** Linear between knots, constant beyond them; 0 without any. */
function between(knots: Knots, at: number): number {
  const next = knots.findIndex(([x]) => x >= at);
  const after = knots[next === -1 ? knots.length - 1 : next];
  const before = next > 0 ? knots[next - 1] : after;
  if (after === undefined || before === undefined) return 0;
  const span = after[0] - before[0];
  if (span === 0) return after[1];
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / span;
}
