import { crossingUse, hourlyUsd, type LinearCost } from './linear-cost.ts';

/** One way to pay for the same capacity. */
export interface PayingForm {
  name: string;
  cost: LinearCost;
}

/** From which use on which form is the cheapest; `fromUse` to the next entry's. */
export interface CheapestFrom {
  fromUse: number;
  name: string;
}

/** Two forms whose costs are equal at `use`; `above` is the cheaper one from there on. */
export interface BreakEven {
  use: number;
  below: string;
  above: string;
}

/** Every crossing of two forms in (0, 1], in order of use. */
export function breakEvens(forms: readonly PayingForm[]): BreakEven[] {
  const found = forms.flatMap((a, i) =>
    forms.slice(i + 1).flatMap((b) => {
      const use = crossingUse(a.cost, b.cost);
      if (use === null) return [];
      // Past the crossing the flatter line is the cheaper one.
      const flatter = a.cost.useUsdPerHour < b.cost.useUsdPerHour ? a : b;
      const steeper = flatter === a ? b : a;
      return [{ use, below: steeper.name, above: flatter.name }];
    }),
  );
  return found.toSorted((a, b) => a.use - b.use);
}

/** The cheapest form over use 0..1, as the pieces of the lower envelope. Ties go to the first form. */
export function cheapestOverUse(forms: readonly PayingForm[]): CheapestFrom[] {
  const edges = [0, ...breakEvens(forms).map(({ use }) => use), 1];
  const pieces: CheapestFrom[] = [];
  for (const [i, from] of edges.entries()) {
    const to = edges[i + 1];
    if (to === undefined || to === from) continue;
    const name = cheapestAt(forms, (from + to) / 2);
    if (name !== null && pieces.at(-1)?.name !== name) pieces.push({ fromUse: from, name });
  }
  return pieces;
}

function cheapestAt(forms: readonly PayingForm[], use: number): string | null {
  let best: PayingForm | null = null;
  for (const form of forms) {
    if (best === null || hourlyUsd(form.cost, use) < hourlyUsd(best.cost, use)) best = form;
  }
  return best?.name ?? null;
}
