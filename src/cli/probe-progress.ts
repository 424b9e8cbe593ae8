import { TailraceError } from '../records/errors.ts';
import type { CommandContext } from './command.ts';

/**
 * What a probe calls between its parts: shows the part on a terminal, and ends the probe when the
 * person has asked for that (TR_PROBE_FAILED).
 */
export function probeProgress({ stderr, signal }: CommandContext): (part: string) => void {
  return (part) => {
    if (signal.aborted) {
      throw new TailraceError('TR_PROBE_FAILED', 'stopped by hand; nothing was kept', {
        field: 'signal',
      });
    }
    if (stderr.isTTY) stderr.write(`\r\u001B[K${part}`);
  };
}
