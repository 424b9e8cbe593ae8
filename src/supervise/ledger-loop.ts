import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../measure/ledger/ledger.ts';
import type { Log } from '../serve/log.ts';

/** Each look costs a few milliseconds however little it finds, so it waits until there is something to find. */
const pauseMs = 400;
/** This many at once mean that more is waiting. */
const backlogRecords = 4_000;
/**
 * Between batches, so that what shares the CPU, the request path above all, waits for one batch and not for all that was
 * found: a kernel lets even a process of low priority end its time slice.
 */
const betweenBatchesMs = 2;
const maintainEveryMs = 5_000;

/**
 * Carries records from the journals into the ledger, and the ledger's buffer into segments. A failure (a full disk) is
 * logged once per change and tried again: the journals hold what is not yet taken in.
 */
export function runLedgerLoop(ledger: Ledger, log: Log): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let wake: () => void = () => {};
  const loop = async (): Promise<void> => {
    let lastError: string | null = null;
    let maintainedMs = performance.now();
    let isBehind = false;
    while (!stopping.signal.aborted) {
      let taken = 0;
      try {
        taken = await ledger.ingest(isBehind ? undefined : () => delay(betweenBatchesMs));
        if (performance.now() - maintainedMs > maintainEveryMs) {
          await ledger.maintain();
          maintainedMs = performance.now();
        }
        if (lastError !== null) log.info('the ledger works again');
        lastError = null;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== lastError)
          log.error('the ledger cannot take records in', { error: message });
        lastError = message;
      }
      isBehind = taken >= backlogRecords && lastError === null;
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, isBehind ? 0 : pauseMs);
      });
    }
    // What the workers wrote last, before they stopped.
    await ledger.ingest().catch(() => 0);
  };
  const done = loop();
  return {
    async stop() {
      stopping.abort();
      wake();
      await done;
    },
  };
}
