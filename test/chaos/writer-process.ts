/**
 * A worker that does nothing but settle requests: `node writer-process.ts STATE WORKER SEED`. Appends
 * synthetic records without end and prints the id of each once it is acknowledged; stops on SIGTERM.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../src/config/schema.ts';
import { openJournal } from '../../src/measure/journal/writer.ts';
import { systemClock } from '../../src/records/clock.ts';
import { runRecords } from './run-records.ts';

const [state = '', worker = '', seed = ''] = process.argv.slice(2);
const defaults = configSchema.shape.journal.parse(undefined);
const journal = openJournal({
  dir: join(state, 'journal'),
  worker,
  // Small groups and files, so that a kill hits writes and rotations often.
  config: { ...defaults, flushMs: 2, flushBytes: 8192, segmentBytes: 262_144, fsync: 'never' },
  clock: systemClock,
  // Written at once, so that what is acknowledged is known before a kill can come.
  onAcknowledged: (ids) => void writeSync(1, `${ids.join('\n')}\n`),
});
const next = runRecords(Number(seed));
const pace = setInterval(() => {
  for (let i = 0; i < 3; i += 1) journal.append(next());
}, 2);
process.on('SIGTERM', () => {
  clearInterval(pace);
  void journal.close().then(() => process.exit(0));
});
