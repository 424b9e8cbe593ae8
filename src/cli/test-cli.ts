import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../records/clock.ts';
import type { Command } from './command.ts';
import type { CommandEntry } from './commands.ts';
import { runCli } from './run.ts';

/** A table of commands that are loaded already. */
export const tableOf = (commands: readonly Command[]): CommandEntry[] =>
  commands.map((command) => ({ name: command.name, load: async () => command }));

/** What one command line did. */
export interface CliOutcome {
  code: number;
  out: string;
  err: string;
}

/** A temporary folder to run command lines in, with its own state folder and no terminal. */
export interface TestCli {
  dir: string;
  stateDir: string;
  env: Record<string, string>;
  run(...argv: string[]): Promise<CliOutcome>;
  close(): void;
}

export function openTestCli(clock: Clock, commands?: readonly Command[]): TestCli {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-cli-'));
  const env: Record<string, string> = {};
  return {
    dir,
    stateDir: join(dir, '.tailrace'),
    env,
    async run(...argv) {
      const out: string[] = [];
      const err: string[] = [];
      const io = {
        stdout: { write: (text: string) => void out.push(text), isTTY: false, columns: 80 },
        stderr: { write: (text: string) => void err.push(text), isTTY: false },
        env,
        cwd: dir,
        clock,
        signal: new AbortController().signal,
      };
      const code = await runCli(argv, io, commands && tableOf(commands));
      return { code, out: out.join(''), err: err.join('') };
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}
