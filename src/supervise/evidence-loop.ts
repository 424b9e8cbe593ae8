import type { Governance } from '../govern/governance.ts';
import type { Log } from '../serve/log.ts';

/** Evidence is collected this often by itself; whoever asks for a score has it collected anew. */
const EVERY_MS = 3_600_000;
/** Once after a start, when the ledger has caught up. */
const FIRST_MS = 60_000;

/** Collects evidence on schedule; a failure is logged, and the next run tries again. */
export function runEvidenceLoop(governance: Governance, log: Log): { stop(): void } {
  const collect = (): void => {
    const kept = governance.keep().catch((error: unknown) => {
      log.error('days cannot be noted', { error: messageOf(error) });
    });
    kept
      .then(() => governance.collect())
      .then(
        ({ failures }) => {
          for (const one of failures) log.warn('a collector failed', { ...one });
        },
        (error: unknown) => {
          log.error('evidence cannot be collected', { error: messageOf(error) });
        },
      );
  };
  const first = setTimeout(collect, FIRST_MS);
  const timer = setInterval(collect, EVERY_MS);
  return {
    stop() {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
