import { fail, ok, type Result } from '../../../records/errors.ts';

/**
 * Lines of `sinfo -O` and `squeue -O` with `FIELD:|` for every field: a header, then one line a row, `|`
 * after each field. The last field keeps what bars it has: put the one that people write last.
 * TR_CLUSTER_DOWN names command and line.
 */
export function slurmLines(command: string, text: string, fields: number): Result<string[][]> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const rows: string[][] = [];
  for (const [i, line] of lines.entries()) {
    const parts = line.replace(/\r$/, '').split('|');
    if (parts.length < fields + 1) {
      const problem = `${command} printed ${parts.length - 1} of ${fields} fields in line ${i + 1}`;
      const fix = 'it needs Slurm 20.11 or later';
      return fail('TR_CLUSTER_DOWN', `${problem}; ${fix}`, { field: command });
    }
    const last = parts.slice(fields - 1, -1).join('|');
    if (i > 0) rows.push([...parts.slice(0, fields - 1), last].map((part) => part.trim()));
  }
  return lines.length > 0
    ? ok(rows)
    : fail('TR_CLUSTER_DOWN', `${command} printed nothing`, { field: command });
}
