import { setImmediate } from 'node:timers/promises';
import type { Timing } from './emulation.ts';

/** Time that jumps to the next sleeper once nothing else is left to do: exact and instant. */
export function virtualTiming(): Timing & { run<T>(work: Promise<T>): Promise<T> } {
  let nowMs = 0;
  let sleepers: Array<{ atMs: number; wake: () => void }> = [];
  return {
    nowMs: () => nowMs,
    sleepUntil: (atMs) =>
      atMs <= nowMs ? Promise.resolve() : new Promise((wake) => sleepers.push({ atMs, wake })),
    async run(work) {
      let done = false;
      const ended = (): void => {
        done = true;
      };
      work.then(ended, ended);
      const isDone = (): boolean => done;
      while (!isDone()) {
        // All promise jobs run before an immediate does.
        await setImmediate();
        sleepers = sleepers.toSorted((a, b) => a.atMs - b.atMs);
        const next = sleepers.shift();
        if (next === undefined) continue;
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
      return work;
    },
  };
}
