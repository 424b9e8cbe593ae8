import type { PlanBody } from '../api/types.ts';

export interface QuoteAsk {
  /** Times the measured traffic. */
  factor: number;
  /** Of our site; null: not known. */
  siteKw: number | null;
  /** `2027-01-31`; '' is today. */
  neededBy: string;
}

/** The body of `POST vendors/quotes`: a service's plan at more traffic, on a site that carries so much. */
export function quoteBody(plan: PlanBody, { factor, siteKw, neededBy }: QuoteAsk) {
  const workload = { ...(plan['workload'] as Record<string, unknown> | undefined) };
  const rate = Number(workload['requestsPerS']) * factor;
  const { deployment: _today, ...rest } = plan;
  const limits = siteKw === null ? plan['limits'] : { ...asFields(plan['limits']), siteKw };
  return {
    plan: {
      ...rest,
      workload: { ...workload, requestsPerS: Number(rate.toPrecision(6)) },
      ...(limits === undefined ? {} : { limits }),
    },
    ...(neededBy === '' ? {} : { neededBy }),
  };
}

const asFields = (value: unknown): object =>
  typeof value === 'object' && value !== null ? value : {};
