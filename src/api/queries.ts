import { z } from '@hono/zod-openapi';
import { outcome } from '../records/request-record.ts';

/** An empty value (`?service=`) counts as absent. */
const blank = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);

/** Latest time that a window may name: the year 9999. */
const MAX_TIME_MS = 253_402_300_799_999;
const time = z.coerce.number().min(0).max(MAX_TIME_MS).optional();
const label = (description: string) => blank(z.string().max(256).optional().describe(description));

export const windowFields = {
  since: blank(
    z
      .string()
      .max(16)
      .optional()
      .describe('Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs.'),
  ),
  fromMs: blank(time.describe('Start of the window, Unix milliseconds, inclusive.')),
  toMs: blank(time.describe('End of the window, Unix milliseconds, exclusive; default: now.')),
};

export const windowQuery = z.strictObject(windowFields);

export const answersQuery = z.strictObject({
  ...windowFields,
  service: label('Only this service.'),
  by: blank(z.enum(['tenant', 'feature', 'model']).optional().describe('Also break down by this.')),
});

export const seriesQuery = z.strictObject({
  ...windowFields,
  service: label('Only this service; default: all together.'),
  stepMs: blank(
    z.coerce
      .number()
      .min(1)
      .max(MAX_TIME_MS)
      .optional()
      .describe('Step, milliseconds; rounded up to whole minutes; default: about 60 steps.'),
  ),
  metric: blank(z.enum(['ttft', 'tpot', 'e2e']).default('e2e').describe('Metric of the heatmap.')),
});

export const MAX_PAGE = 500;

export const requestsQuery = z.strictObject({
  ...windowFields,
  service: label('Only this service.'),
  engine: label('Only this engine.'),
  model: label('Only this served model.'),
  tenant: label('Only this tenant.'),
  feature: label('Only this feature.'),
  outcome: blank(outcome.optional().describe('Only requests that ended so.')),
  minE2eMs: blank(
    z.coerce.number().min(0).max(86_400_000).optional().describe('Only this slow or slower.'),
  ),
  sort: blank(z.enum(['startedAt', 'e2e', 'ttft', 'cost', 'tokensOut']).default('startedAt')),
  order: blank(z.enum(['asc', 'desc']).default('desc')),
  limit: blank(z.coerce.number().int().min(1).max(MAX_PAGE).default(50)),
  offset: blank(z.coerce.number().int().min(0).max(10_000_000).default(0)),
});

export const requestParams = z.object({ id: z.uuid() });
export const keyParams = z.object({ id: z.string().min(1).max(128) });
