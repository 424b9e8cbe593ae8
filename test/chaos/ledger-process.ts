/**
 * The ledger's owner: `node ledger-process.ts STATE`. Takes in and seals without pause; prints `open` once it is open.
 */
import { writeSync } from 'node:fs';
import { openLedger } from '../../src/measure/ledger/open-ledger.ts';
import { systemClock } from '../../src/records/clock.ts';
import { chaosLedgerConfig } from './ledger-config.ts';

const [state = ''] = process.argv.slice(2);
const ledger = await openLedger({ dir: state, config: chaosLedgerConfig, clock: systemClock });
writeSync(1, 'open\n');
for (;;) {
  await ledger.ingest();
  await ledger.maintain();
  await new Promise((resolve) => setTimeout(resolve, 2));
}
