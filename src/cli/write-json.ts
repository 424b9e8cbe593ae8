import { writeFileSync } from 'node:fs';
import { TailraceError } from '../records/errors.ts';

/** Writes a value to the place that `--out` names; TR_EXPORT_FAILED says why it cannot. */
export function writeJson(path: string, value: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(value)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TailraceError('TR_EXPORT_FAILED', `${path}: ${reason}: give --out another place`, {
      field: 'out',
    });
  }
}
