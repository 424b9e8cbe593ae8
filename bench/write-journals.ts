import { join } from 'node:path';
import { configSchema } from '../src/config/schema.ts';
import { openJournal } from '../src/measure/journal/writer.ts';
import { systemClock } from '../src/records/clock.ts';
import { createSyntheticRecords } from './synthetic-records.ts';

/** Records between two calls of `between`: what a ledger takes in before more is written. */
const portion = 100_000;

/**
 * Writes synthetic records, `stepMs` apart on average, as the journal of one worker under `dir`.
 * `between` runs after every 100,000 records, which are on disk then.
 */
export async function writeJournals(options: {
  dir: string;
  records: number;
  fromMs: number;
  stepMs: number;
  between?: () => Promise<void>;
}): Promise<void> {
  const { dir, records, fromMs, stepMs, between } = options;
  const next = createSyntheticRecords({ seed: 1, fromMs, stepMs });
  const journal = openJournal({
    dir: join(dir, 'journal'),
    worker: 'bench',
    config: configSchema.shape.journal.parse(undefined),
    clock: systemClock,
  });
  for (let n = 1; n <= records; n += 1) {
    journal.append(next());
    if (n % 1000 === 0) await journal.flush();
    if (n % portion === 0) await between?.();
  }
  await journal.close();
  const { lost } = journal.stats();
  if (lost > 0) throw new Error(`the journal lost ${lost} records`);
}
