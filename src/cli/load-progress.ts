import type { Tally } from '../plan/load/tally.ts';
import { count, duration, milliseconds } from './answer-units.ts';
import type { CommandContext } from './command.ts';

const TTY_MS = 250;
const LINES_MS = 5_000;
const BAR_COLUMNS = 24;

/**
 * Shows a run under way on standard error: a bar on a terminal, else a line every five seconds.
 * `close` takes the bar away.
 */
export function showProgress(
  context: CommandContext,
  tally: Tally,
  expected: number,
): { close(): void } {
  const { stderr, clock } = context;
  const startMs = clock.monoMs();
  const line = (): string => progressLine(tally, expected, clock.monoMs() - startMs);
  const timer = setInterval(
    () => stderr.write(stderr.isTTY ? `\r\u001B[K${line()}` : `${line()}\n`),
    stderr.isTTY ? TTY_MS : LINES_MS,
  );
  return {
    close: () => {
      clearInterval(timer);
      if (stderr.isTTY) stderr.write('\r\u001B[K');
    },
  };
}

/** One line: how far, how many under way, failures, the p99 of the latest replies. */
export function progressLine(tally: Tally, expected: number, elapsedMs: number): string {
  const arrived = tally.sent + tally.unsent;
  const done = Math.min(1, expected === 0 ? 1 : arrived / expected);
  const filled = Math.round(done * BAR_COLUMNS);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)}`;
  const underWay = tally.sent - tally.succeeded - tally.failed;
  const p99Ms = tally.recentP99Ms();
  const parts = [
    `${bar} ${count(arrived)} of ${count(Math.max(expected, arrived))}`,
    `${count(underWay)} under way`,
    ...(tally.failed === 0 ? [] : [`${count(tally.failed)} failed`]),
    ...(tally.unsent === 0 ? [] : [`${count(tally.unsent)} not sent`]),
    `p99 ${p99Ms === null ? 'not yet' : milliseconds(p99Ms)}`,
    duration(elapsedMs),
  ];
  return parts.join(', ');
}
