import { z } from 'zod';
import data from './questions.json' with { type: 'json' };

/** The nine layers of the product, as the scorecard names them. */
export const layers = [
  'facilities',
  'compute',
  'networking',
  'storage',
  'orchestration',
  'data',
  'serving',
  'observability',
  'security',
] as const;

/** Checks of the endpoint probe (probe/probe-endpoint.ts). */
export const probeChecks = [
  'tls',
  'auth',
  'errors',
  'streaming',
  'usage',
  'pinning',
  'rate-limits',
  'latency',
  'availability',
] as const;
export type ProbeCheckId = (typeof probeChecks)[number];

/** What the probe measures in numbers. Latencies in milliseconds; `goodPercent` of all requests sent. */
export const probeMetrics = [
  'ttftMsP50',
  'ttftMsP95',
  'ttftMsP99',
  'tpotMsP50',
  'tpotMsP95',
  'e2eMsP95',
  'goodPercent',
] as const;
export type ProbeMetric = (typeof probeMetrics)[number];

/**
 * One question to a vendor and, as `askTeam`, to one's own team. `condition` is an id of the scorecard's
 * criteria.yaml. `probe` names what of the endpoint probe confirms or contradicts an answer.
 */
const question = z.strictObject({
  id: z.string().regex(/^[a-z]+\.[a-z0-9-]+$/),
  layer: z.enum(layers),
  topic: z.string().min(1),
  condition: z.string().min(1),
  ask: z.string().min(1),
  askTeam: z.string().min(1),
  /** Why it matters. */
  why: z.string().min(1),
  /** What a good answer contains. */
  good: z.string().min(1),
  answer: z.strictObject({
    kind: z.enum(['text', 'number', 'yes-no']),
    unit: z.string().optional(),
    /** What a good answer to a yes-no question is. */
    wanted: z.enum(['yes', 'no']).optional(),
  }),
  /** How much it counts in a mean, 1 to 3. */
  weight: z.int().min(1).max(3),
  probe: z
    .strictObject({ check: z.enum(probeChecks), metric: z.enum(probeMetrics).nullable() })
    .nullable(),
});
export type Question = Readonly<z.infer<typeof question>>;

const file = z.strictObject({ version: z.literal(1), questions: z.array(question).min(1) });

/** Every question, by layer in the order of the file. */
export const questions: readonly Question[] = Object.freeze(file.parse(data).questions);

const byId = new Map(questions.map((one) => [one.id, one]));

export const findQuestion = (id: string): Question | null => byId.get(id) ?? null;
