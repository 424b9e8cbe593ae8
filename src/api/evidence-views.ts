import { z } from '@hono/zod-openapi';
import { evidenceDocument } from '../records/evidence-item.ts';
import { roles } from '../govern/scorecard/criteria-schema.ts';
import { evidenceView } from '../govern/scorecard/score-view.ts';

const name = z.string().min(1).max(200);
const blank = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);
const optionalText = (description: string) =>
  blank(z.string().max(128).optional().describe(description));

export const scoreQuery = z.strictObject({
  service: optionalText('Only this service; default: the whole organisation.'),
});

export const roadmapQuery = z.strictObject({
  ...scoreQuery.shape,
  role: blank(z.enum(roles).optional().describe('Only actions of this role.')),
});

export const roadmapExportQuery = z.strictObject({
  ...roadmapQuery.shape,
  format: z.enum(['md', 'csv', 'ics']).describe('Markdown, CSV or iCalendar.'),
});

export const evidenceQuery = z.strictObject({
  condition: optionalText('Only of this condition.'),
  service: optionalText('Only of this service; `-` for the organisation.'),
  history: blank(
    z.enum(['true', 'false']).default('false').describe('Also what was replaced, or withdrawn.'),
  ),
  limit: blank(z.coerce.number().int().min(1).max(1000).default(200)),
});

export const evidenceList = z.object({
  evidence: z.array(evidenceView.extend({ withdrawnAtMs: z.number().nullable() })),
});

/** `POST evidence`: what is known elsewhere. It is E2 with a document or link, else E1, never more. */
export const evidenceCreate = z.strictObject({
  condition: z.string().min(1).max(100),
  service: z.string().min(1).max(63).nullable().default(null),
  kind: z.enum(['document', 'attestation', 'test-run', 'external']).default('external'),
  statement: z.string().min(1).max(2000),
  /** In the unit of the condition; then it is compared with the threshold. */
  value: z.number().nullable().default(null),
  /** Where there is no value: whether the condition holds. */
  holds: z.boolean().nullable().default(null),
  owner: name,
  document: evidenceDocument.nullable().default(null),
  /** When it is to be looked at again, Unix milliseconds; default: in 90 days. */
  reviewAtMs: z.number().nullable().default(null),
});
export type EvidenceCreate = z.infer<typeof evidenceCreate>;

export const evidenceParams = z.object({ id: z.string().min(1).max(64) });
export const documentParams = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export const documentQuery = z.strictObject({
  name: z.string().min(1).max(400).describe('File name, shown to people only.'),
});

export const keptDocument = z.object({
  sha256: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  atMs: z.number(),
});

export const collectReport = z.object({
  collected: z.int(),
  failures: z.array(
    z.object({ condition: z.string(), service: z.string().nullable(), message: z.string() }),
  ),
});

export const notApplicableCreate = z.strictObject({
  condition: z.string().min(1).max(100),
  service: z.string().min(1).max(63).nullable().default(null),
  reason: z.string().min(1).max(1000),
  owner: name,
  /** At most 400 days ahead, Unix milliseconds. */
  expiresAtMs: z.number(),
});

export const actionOwner = z.strictObject({
  action: z.string().min(1).max(110),
  service: z.string().min(1).max(63).nullable().default(null),
  owner: name,
});
