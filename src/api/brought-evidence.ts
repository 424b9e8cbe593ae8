import type { Governance } from '../govern/governance.ts';
import type { Condition } from '../govern/scorecard/criteria-schema.ts';
import { meets } from '../govern/scorecard/criteria-schema.ts';
import { saidOf } from '../govern/scorecard/interview.ts';
import { TailraceError } from '../records/errors.ts';
import type { EvidenceDocument, EvidenceItem } from '../records/evidence-item.ts';
import type { EvidenceCreate } from './evidence-views.ts';

const DAY_MS = 86_400_000;
/** Nothing that people say is good for longer without a look. */
const MAX_AHEAD_MS = 400 * DAY_MS;

const refuse = (field: string, message: string): never => {
  throw new TailraceError('TR_FIELD_INVALID', `\`${field}\`: ${message}`, { field });
};

/** The condition of this id; TR_FIELD_INVALID names the field. */
export function conditionOf(governance: Governance, id: string, field: string): Condition {
  const found = governance.criteria().conditions.find((one) => one.id === id);
  return found ?? refuse(field, `there is no condition "${id}"; see /api/v1/score`);
}

/** A service must exist, and the condition must look at services. */
export function checkScope(
  condition: Condition,
  service: string | null,
  services: readonly string[],
): void {
  if (service === null) return;
  if (!services.includes(service)) refuse('service', `no service is called "${service}"`);
  if (condition.scope !== 'service') {
    refuse('service', `${condition.id} is about the organisation; leave the service out`);
  }
}

/** A day in the future, at most 400 days ahead. */
export function checkAhead(field: string, atMs: number, nowMs: number): void {
  if (atMs <= nowMs) refuse(field, 'must be in the future');
  if (atMs > nowMs + MAX_AHEAD_MS) refuse(field, 'must be within 400 days');
}

/** A document has a link, or was uploaded before. */
export async function checkDocument(
  governance: Governance,
  document: EvidenceDocument | null,
  field: string,
): Promise<void> {
  if (document === null) return;
  const { link, sha256 } = document;
  if (link === null && sha256 === null) refuse(field, 'give a link, or the sha256 of an upload');
  if (sha256 !== null && (await governance.documents.get(sha256)) === null) {
    refuse(`${field}.sha256`, 'no document with this digest was uploaded');
  }
}

/** Evidence from outside as an item, at most E2. Throws TR_FIELD_INVALID. */
export async function broughtEvidence(
  governance: Governance,
  body: EvidenceCreate,
  about: { services: readonly string[]; nowMs: number },
): Promise<EvidenceItem> {
  const condition = conditionOf(governance, body.condition, 'condition');
  checkScope(condition, body.service, about.services);
  if (body.reviewAtMs !== null) checkAhead('reviewAtMs', body.reviewAtMs, about.nowMs);
  await checkDocument(governance, body.document, 'document');
  if (body.kind === 'document' && body.document === null) {
    refuse('document', 'evidence of this kind needs a document');
  }
  if (body.value === null && body.holds === null) {
    refuse('value', 'give a value, or say whether the condition holds');
  }
  const holds = body.value === null ? body.holds === true : meets(body.value, condition.threshold);
  return saidOf(
    condition,
    {
      answer: holds ? 'yes' : 'no',
      document: body.document,
      owner: body.owner,
      reviewAtMs: body.reviewAtMs,
      statement: body.statement,
      source: body.kind,
      value: body.value,
    },
    { service: body.service, nowMs: about.nowMs },
  );
}
