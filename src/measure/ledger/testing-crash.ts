import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config/schema.ts';

/** Where a seal is cut off, in its order. */
export const crashPoints = [
  'before-rename',
  'after-rename',
  'after-commit',
  'between-deletes',
  'after-seal',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

export const crashConfig: Config['ledger'] = {
  segmentRows: 100_000,
  topTenants: 10,
  retention: { recordsDays: 100_000, minutesDays: 100_000, hoursDays: 100_000 },
  memoryMiB: 64,
};

const child = fileURLToPath(new URL('testing-crash-child.ts', import.meta.url));

/** Runs the child to its end and resolves to the signal that ended it. */
export async function crashAt(dir: string, point: CrashPoint): Promise<string | null> {
  const running = spawn(process.execPath, [child, dir, point], { stdio: 'ignore' });
  const [, signal] = (await once(running, 'exit')) as [number | null, string | null];
  return signal;
}

/** Starts a child that holds the ledger; `kill` ends it like `kill -9`. */
export async function holdLedger(dir: string): Promise<{ kill(): Promise<void> }> {
  const running = spawn(process.execPath, [child, dir, 'holding'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(running.stdout, 'data');
  return {
    async kill() {
      const gone = once(running, 'exit');
      running.kill('SIGKILL');
      await gone;
    },
  };
}
