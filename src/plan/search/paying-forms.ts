import { siteFactors } from '../facility/site-factors.ts';
import { apiCost } from '../money/api-cost.ts';
import { breakEvens, cheapestOverUse, type BreakEven } from '../money/break-even.ts';
import type { CheapestFrom, PayingForm } from '../money/break-even.ts';
import { scaleCost } from '../money/linear-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { acceleratorsOf, type Candidate } from './candidate.ts';
import { priceOf } from './candidate-price.ts';

/** Rent, own and API for the same capacity over use: what each costs, and where they break even. */
export interface PayingForms {
  /** Requests a second at use 1. */
  capacityPerS: number;
  forms: PayingForm[];
  breakEvens: BreakEven[];
  cheapest: CheapestFrom[];
}

/** Compares the forms whose terms the plan (or the catalog) has. */
export function payingForms(
  plan: Plan,
  candidate: Candidate,
  capacityPerS: number,
  tokens: { inputTokens: number; outputTokens: number },
): PayingForms {
  const { pue } = siteFactors(plan.facility);
  const accelerators = acceleratorsOf(candidate);
  const forms = (['rent', 'own'] as const).flatMap((basis): PayingForm[] => {
    const money = { ...plan.money, basis };
    const price = priceOf({ ...plan, money }, candidate.accelerator, pue);
    return price.ok ? [{ name: basis, cost: scaleCost(price.value, accelerators) }] : [];
  });
  const { api } = plan.money;
  if (api !== undefined) {
    const cached = api.usdPerMillionCachedInput ?? api.usdPerMillionInput;
    const terms = { ...api, usdPerMillionCachedInput: cached };
    const cost = apiCost(terms, { ...tokens, cachedTokens: 0 }, capacityPerS);
    forms.push({ name: 'api', cost });
  }
  return {
    capacityPerS,
    forms,
    breakEvens: breakEvens(forms),
    cheapest: cheapestOverUse(forms),
  };
}
