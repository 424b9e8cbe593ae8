import { boundSharing } from './bound-sharing.ts';
import { bracket, completeGrid } from './grid.ts';
import type { OperatorTable } from './operator-table.ts';

/** Attention of one layer, microseconds. Contexts are tokens and need not be whole. */
export interface AttentionTime {
  /** Only decodes: `decodes` sequences of `meanContext` tokens. */
  decode(decodes: number, meanContext: number): number;
  /**
   * Prompt chunks of `tokens` together, with `pairs` query-key pairs, beside decodes (0 for none).
   */
  mixed(tokens: number, pairs: number, decodes: number, meanContext: number): number;
}

/**
 * Multilinear interpolation in tokens: attention takes a constant plus terms in decodes x context and in prompt tokens
 * x their context, and a multilinear form is exact for such products, so the wide cells of a geometric
 * grid cost little. Several prompts in one step are folded into one with the same number of query-key
 * pairs; when that is fewer than one prompt of that length alone has, the time goes down with the pairs.
 * Beyond the measured batch the time goes on linearly within what sharing of KV among `headsPerKv` query heads allows (bound-sharing.ts).
 */
export function attentionTime(
  { attention }: Pick<OperatorTable, 'attention'>,
  headsPerKv: number,
): AttentionTime {
  const { prefillTokens, prefillContext, decodes, decodeContext } = attention;
  const axes = [prefillTokens, prefillContext, decodes, decodeContext];
  const measured = spread(attention, axes);
  const grid = completeGrid(axes, measured);
  boundSharing(grid, measured, headsPerKv);
  const { values } = grid;
  const mostTokens = prefillTokens.at(-1) ?? 0;
  const strideN = decodeContext.length;
  const strideKp = decodes.length * strideN;
  const strideP = prefillContext.length * strideKp;

  /** At one node of the prefill axes: bilinear over decodes and their context. */
  const plane = (base: number, n: number, context: number): number => {
    const i = bracket(decodes, n);
    const j = bracket(decodeContext, context);
    const fn = fraction(decodes, i, n);
    const fk = fraction(decodeContext, j, context);
    const at = base + i * strideN + j;
    const low = mix(values[at] ?? 0, values[at + 1] ?? 0, fk);
    const high = mix(values[at + strideN] ?? 0, values[at + strideN + 1] ?? 0, fk);
    return mix(low, high, fn);
  };

  const along = (p: number, context: number, n: number, mean: number): number => {
    const i = bracket(prefillContext, context);
    const base = p * strideP + i * strideKp;
    const low = plane(base, n, mean);
    return mix(low, plane(base + strideKp, n, mean), fraction(prefillContext, i, context));
  };

  /** Context of the folded prompt, may be negative: then along the slope over the first doubling. */
  const atContext = (p: number, tokens: number, context: number, n: number, mean: number) => {
    if (context >= 0) return along(p, context, n, mean);
    const none = along(p, 0, n, mean);
    const slope = (along(p, tokens, n, mean) - none) / tokens;
    return Math.max(plane(0, n, mean), none + slope * context);
  };

  /**
   * More prompt tokens than were measured, as pieces of the most that were: pairs grow with the square of a prompt, so a slope over
   * tokens falls short. The share of a piece counts, so that there is no jump where pieces begin.
   */
  const pieces = (tokens: number, pairs: number, n: number, mean: number): number => {
    const last = prefillTokens.length - 1;
    const context = pairs / tokens - (mostTokens + 1) / 2;
    const further = tokens / mostTokens - 1;
    const own = atContext(last, mostTokens, context, n, mean);
    return own + further * atContext(last, mostTokens, context, 0, 0);
  };

  return {
    decode: (n, mean) => plane(0, n, mean),
    mixed(tokens, pairs, n, mean) {
      if (tokens > mostTokens) return pieces(tokens, pairs, n, mean);
      const context = pairs / tokens - (tokens + 1) / 2;
      const i = bracket(prefillTokens, tokens);
      const low = atContext(i, tokens, context, n, mean);
      const high = atContext(i + 1, tokens, context, n, mean);
      return mix(low, high, fraction(prefillTokens, i, tokens));
    },
  };
}

/** Where there are no prompts (or no decodes), their context means nothing: the one value holds for all. */
function spread(
  attention: OperatorTable['attention'],
  axes: ReadonlyArray<readonly number[]>,
): Array<number | null> {
  const [tokens = [], contexts = [], decodes = [], means = []] = axes;
  const { timesUs } = attention;
  const at = (p: number, c: number, n: number, k: number): number =>
    ((p * contexts.length + c) * decodes.length + n) * means.length + k;
  return tokens.flatMap((prefill, p) =>
    contexts.flatMap((_context, c) =>
      decodes.flatMap((decode, n) =>
        means.map((_mean, k) => {
          if (prefill === 0 && decode === 0) return 0;
          const own = timesUs[at(p, prefill === 0 ? 0 : c, n, decode === 0 ? 0 : k)];
          return own ?? null;
        }),
      ),
    ),
  );
}

const mix = (low: number, high: number, share: number): number => low + (high - low) * share;

/** Position of x in the cell from i: 0..1 inside, above 1 beyond the axis, never below 0. */
function fraction(axis: readonly number[], i: number, x: number): number {
  const low = axis[i] ?? 0;
  const high = axis[i + 1];
  if (high === undefined) return 0;
  return Math.max(0, (x - low) / (high - low));
}
