import { count, duration } from './answer-units.ts';
import type { CommandContext } from './command.ts';
import { bar } from './plan-units.ts';

/** Nothing is shown of what takes less. */
const QUIET_MS = 1000;
const EVERY_MS = 200;
const BAR_COLUMNS = 24;

/** A bar with the time that is left, on a terminal's standard error, for work over a second. */
export function planProgress({ stderr, clock }: CommandContext): {
  show(done: number, total: number, what: string): void;
  close(): void;
} {
  const startMs = clock.monoMs();
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    show(done, total, what) {
      const nowMs = clock.monoMs();
      if (!stderr.isTTY || nowMs - startMs < QUIET_MS || nowMs - lastMs < EVERY_MS) return;
      lastMs = nowMs;
      stderr.write(`\r\u001B[K${progressText(done, total, what, nowMs - startMs)}`);
    },
    close: () => void (stderr.isTTY && stderr.write('\r\u001B[K')),
  };
}

/** `█████░░░ 12 of 40 what, 3 s left`. */
export function progressText(done: number, total: number, what: string, elapsedMs: number): string {
  const share = total === 0 ? 1 : done / total;
  const left = share > 0 ? `, ${duration(Math.round(elapsedMs * (1 / share - 1)))} left` : '';
  return `${bar(share, BAR_COLUMNS)} ${count(done)} of ${count(total)} ${what}${left}`;
}
