import type { Cell, EngineUse, LedgerReader, Window } from '../../ledger/ledger.ts';
import { isServed } from '../../answers/service-facts.ts';
import type { Served } from './served-roofline.ts';

/** One engine over one piece of the window: what its samples and the ledger's records say. */
export interface EngineSlice {
  window: Window;
  /** Null: no sample. */
  use: EngineUse | null;
  /** Requests that got a reply. */
  replies: number;
  served: Served;
}

/** Pieces of one window: short enough to tell a silent exporter from an idle engine, few enough to be quick. */
const MAX_SLICES = 120;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** Steps that rollups are kept for, or a few of them: an odd step would be read minute by minute. */
const ROUND_STEPS_MS = [1, 2, 5, 15, 30, 60, 120, 240, 480, 1440].map((one) => one * MINUTE_MS);

/** Whole minutes, as the ledger keeps them. */
export const wholeMinutes = ({ fromMs, toMs }: Window): Window => ({
  fromMs: Math.floor(fromMs / MINUTE_MS) * MINUTE_MS,
  toMs: Math.ceil(toMs / MINUTE_MS) * MINUTE_MS,
});

/** Every engine's slices over the window, oldest first. Reads rollups only. */
export async function engineSlices(
  ledger: LedgerReader,
  window: Window,
): Promise<Map<string, EngineSlice[]>> {
  const whole = wholeMinutes(window);
  const spanMs = whole.toMs - whole.fromMs;
  const wanted = spanMs / MAX_SLICES;
  const stepMs = ROUND_STEPS_MS.find((ms) => ms >= wanted) ?? Math.ceil(wanted / DAY_MS) * DAY_MS;
  const slices = new Map<string, EngineSlice[]>();
  const series = await ledger.series({ window: whole, by: 'engine-model-status', stepMs });
  for (const { window: piece, cells } of series) {
    const uses = await ledger.engineUse(piece);
    const names = new Set([
      ...uses.map((use) => use.engine),
      ...cells.flatMap((c) => c.engine ?? []),
    ]);
    for (const name of names) {
      const all = slices.get(name) ?? [];
      const use = uses.find((one) => one.engine === name) ?? null;
      all.push({ window: piece, use, ...workOf(cells.filter((cell) => cell.engine === name)) });
      slices.set(name, all);
    }
  }
  return slices;
}

function workOf(cells: readonly Cell[]): Pick<EngineSlice, 'replies' | 'served'> {
  const replied = cells.filter(isServed);
  const sum = (of: (cell: Cell) => number): number => replied.reduce((all, c) => all + of(c), 0);
  const replies = sum((cell) => cell.requests);
  return {
    replies,
    served: {
      requests: replies,
      tokensIn: sum((cell) => cell.tokensIn.sum),
      tokensCachedIn: sum((cell) => cell.tokensCachedIn.sum),
      tokensOut: sum((cell) => cell.tokensOut.sum),
    },
  };
}
