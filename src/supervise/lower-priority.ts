import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Lowers this process to `nice` (-20 highest to 19 lowest, setpriority(2)). Linux keeps a nice value per
 * thread and new threads inherit their maker's, so the threads that are there already (libuv's pool, which runs
 * the queries of DuckDB, and V8's) are lowered one by one; elsewhere one call holds for all.
 */
export function lowerPriority(nice: number): void {
  setPriority(nice);
  for (const thread of threadIds()) {
    try {
      setPriority(thread, nice);
    } catch {
      // The thread has ended since it was listed.
    }
  }
}

function threadIds(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}
