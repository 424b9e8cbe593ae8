import type { EvidenceSources } from '../evidence/evidence-sources.ts';
import { entriesOf, type Logbook } from '../logbook/logbook.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';
import { budgetAlerts, monthStart } from './budget-alerts.ts';
import { findAlerts, type Alert } from './find-alerts.ts';

/** What is wrong still is told again after this long. */
const QUIET_MS = 3_600_000;

/** Tells whoever is on call. Resolves to whether the message was taken. */
export type Deliver = (webhook: string, alert: Alert) => Promise<boolean>;

/** Raises what is wrong and was not told lately: keeps it in the logbook, and posts it to who is on call. */
export async function raiseAlerts(
  sources: Pick<EvidenceSources, 'ledger' | 'config' | 'clock'>,
  logbook: Logbook,
  deliver: Deliver,
): Promise<Array<EntryOf<'alert'>>> {
  const nowMs = sources.clock.wallMs();
  const config = sources.config();
  const entries = await logbook.entries();
  const told = entriesOf(entries, 'alert');
  const found = [
    ...(await findAlerts(sources.ledger, config, nowMs)),
    ...budgetAlerts(config, entriesOf(entries, 'day'), nowMs),
  ];
  const raised: Array<EntryOf<'alert'>> = [];
  for (const alert of found.filter((one) => !wasTold(one, told, nowMs))) {
    const service = config.services.find((one) => one.name === alert.service);
    const webhook = service?.onCall?.webhook;
    const delivered = webhook === undefined ? null : await deliver(webhook, alert);
    const entry = { v: 1 as const, kind: 'alert' as const, atMs: nowMs, ...alert, delivered };
    await logbook.add(entry);
    raised.push(entry);
  }
  return raised;
}

function wasTold(alert: Alert, told: ReadonlyArray<EntryOf<'alert'>>, nowMs: number): boolean {
  const like = told.filter(
    (one) => one.service === alert.service && one.objective === alert.objective,
  );
  // A step of a budget is told once a month: the first part of its message names the step.
  const stepOf = ({ message }: { message: string }): string => message.split(';')[0] ?? '';
  return alert.objective === 'budget'
    ? like.some((one) => one.atMs >= monthStart(nowMs) && stepOf(one) === stepOf(alert))
    : like.some((one) => nowMs - one.atMs < QUIET_MS);
}
