import type { Clock } from '../records/clock.ts';

/** One option of a command, in the form of `node:util` parseArgs plus what help needs. */
export interface Option {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  /** Shown in help as the value's name, e.g. `1h`. */
  value?: string;
  description: string;
}

export type OptionValues = Record<string, string | boolean | Array<string | boolean> | undefined>;

/** What a command may touch; handed in so that commands run the same in tests. */
export interface CommandContext {
  values: OptionValues;
  positionals: string[];
  stdout: { write(text: string): void; isTTY: boolean; columns: number };
  stderr: { write(text: string): void; isTTY: boolean };
  env: Record<string, string | undefined>;
  cwd: string;
  clock: Clock;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
}

/** Exit codes shared by all commands; `ask` adds 3 (red flag) and 4 (target missed). */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** One row of the command table; help, dispatch and docs are generated from it. */
export interface Command {
  name: string;
  summary: string;
  /** e.g. `tailrace ask [service] [options]`. */
  usage: string;
  /** Longer help text, plain lines. */
  description: string;
  examples: string[];
  options: Record<string, Option>;
  /** Largest number of positional arguments; more is a usage error. */
  positionalsMax: number;
  /** Resolves to the exit code. Throws TailraceError for expected failures (printed as one line, exit 1; usage errors exit 2). */
  run(context: CommandContext): Promise<number>;
}
