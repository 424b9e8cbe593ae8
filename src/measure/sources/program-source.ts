import { fail, ok, type Result } from '../../records/errors.ts';
import type { ResourceSource, RunProgram } from './resource-source.ts';
import type { Reading } from './series-tracker.ts';

/** A program of this machine that prints the state of its devices. */
export interface DeviceProgram {
  arguments: readonly string[];
  /** Errors: TR_UPSTREAM_INVALID. */
  parse(printed: string): Result<Reading[]>;
}

export function createProgramSource(options: {
  program: DeviceProgram;
  source: string;
  command: string;
  intervalMs: number;
  node: string;
  run: RunProgram;
}): ResourceSource {
  const { program, source, command, intervalMs, node, run } = options;
  return {
    source,
    target: command,
    intervalMs,
    node,
    async read() {
      try {
        const readings = program.parse(await run(command, program.arguments));
        return readings.ok ? ok({ readings: readings.value, basis: 'measured' }) : readings;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        return fail('TR_UPSTREAM_CONNECT', `${command} cannot be run: ${why}`, { cause });
      }
    },
  };
}
