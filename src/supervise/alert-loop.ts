import { raiseAlerts, type Deliver } from '../govern/alerts/raise-alerts.ts';
import type { EvidenceSources } from '../govern/evidence/evidence-sources.ts';
import type { Logbook } from '../govern/logbook/logbook.ts';
import type { Log } from '../serve/log.ts';

const EVERY_MS = 60_000;

/** Looks once a minute for what is wrong; a look that is under way is not overtaken by the next. */
export function runAlertLoop(
  sources: Pick<EvidenceSources, 'ledger' | 'config' | 'clock'>,
  parts: { logbook: Logbook; deliver: Deliver },
  log: Log,
): { stop(): void } {
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const raised = await raiseAlerts(sources, parts.logbook, parts.deliver);
      for (const { service, objective, message, delivered } of raised) {
        log.warn('alert', { service, objective, message, delivered });
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error('alerts cannot be looked for', { error: message });
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
