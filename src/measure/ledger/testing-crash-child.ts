import { systemClock } from '../../records/clock.ts';
import { openLedger } from './open-ledger.ts';
import { realSegmentFs, type SegmentFs } from './segment-fs.ts';
import { crashConfig, type CrashPoint } from './testing-crash.ts';

/**
 * A process that seals and is killed at one point of it, as by `kill -9`: `testing-crash-child.ts
 * DIR POINT`. `holding`: it only opens the ledger, says so, and waits for its end.
 */
const [, , dir, point] = process.argv as [string, string, string, CrashPoint | 'holding'];

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
};

const fs: SegmentFs = {
  ...realSegmentFs,
  publish(temporary, path) {
    if (point === 'before-rename') die();
    realSegmentFs.publish(temporary, path);
    if (point === 'after-rename') die();
  },
  remove(path) {
    if (point === 'after-commit' && path.endsWith('.tj')) die();
    realSegmentFs.remove(path);
    if (point === 'between-deletes' && path.endsWith('.tj')) die();
  },
};

const ledger = await openLedger({ dir, config: crashConfig, clock: systemClock, fs });
if (point === 'holding') {
  process.stdout.write('open\n');
  setInterval(() => {}, 1000);
} else {
  await ledger.maintain({ force: true });
  if (point === 'after-seal') die();
}
