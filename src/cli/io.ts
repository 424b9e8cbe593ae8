import { systemClock } from '../records/clock.ts';
import type { CommandContext } from './command.ts';

/** What `runCli` is handed besides the arguments. */
export type CliIo = Omit<CommandContext, 'values' | 'positionals'>;

/** The process's own streams, environment, clock and signals. */
export interface SystemIo extends CliIo {
  /** Takes the signal handlers off again. What was written may still fail after that. */
  close(): void;
}

/** 128 + SIGINT, by convention of shells. */
const FORCED_EXIT = 130;

/**
 * The first SIGINT or SIGTERM aborts `signal`, a second one ends the process. A reader that goes
 * away (`tailrace ask | head`) ends it quietly.
 */
export function systemIo(): SystemIo {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(FORCED_EXIT);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.off('error', onPipeError).on('error', onPipeError);
  const { stdout, stderr } = process;
  return {
    stdout: {
      write: (text) => void stdout.write(text),
      isTTY: stdout.isTTY,
      get columns() {
        return stdout.columns ?? 80;
      },
    },
    stderr: { write: (text) => void stderr.write(text), isTTY: stderr.isTTY },
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    signal: controller.signal,
    close: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function onPipeError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
