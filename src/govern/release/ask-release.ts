import { TailraceError } from '../../records/errors.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';
import type { EvidenceSources } from '../evidence/evidence-sources.ts';
import { enginesOf } from '../evidence/facts.ts';
import { judgeRelease } from './judge-release.ts';

const BUDGET_MS = 30 * 86_400_000;
/** A canary is judged on its last hour. */
const CANARY_MS = 3_600_000;

/** Asks the gate of the ledger as it is. TR_NOT_FOUND for the service, TR_FIELD_INVALID for the candidate. */
export async function askRelease(
  sources: Pick<EvidenceSources, 'ledger' | 'config' | 'clock'>,
  ask: { service: string; candidate: string | null; by: string },
): Promise<EntryOf<'release'>> {
  const config = sources.config();
  const service = config.services.find((one) => one.name === ask.service);
  if (service === undefined) {
    throw new TailraceError('TR_NOT_FOUND', `no service is called "${ask.service}"`, {
      field: 'service',
    });
  }
  const names = enginesOf(service, config).map((one) => one.name);
  if (ask.candidate !== null && !names.includes(ask.candidate)) {
    const message = `candidate: "${ask.candidate}" does not serve ${service.name}; ${names.join(', ')} do`;
    throw new TailraceError('TR_FIELD_INVALID', message, { field: 'candidate' });
  }
  const nowMs = sources.clock.wallMs();
  const cells = (lengthMs: number) =>
    sources.ledger.cells({
      window: { fromMs: Math.max(0, nowMs - lengthMs), toMs: nowMs },
      by: 'engine-model-status',
      service: service.name,
    });
  const verdict = judgeRelease({
    service,
    candidate: ask.candidate,
    budgetCells: await cells(BUDGET_MS),
    canaryCells: await cells(CANARY_MS),
  });
  return { v: 1, kind: 'release', atMs: nowMs, ...ask, ...verdict };
}
