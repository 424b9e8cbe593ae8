import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { fail, ok, TailraceError, type Result } from '../../records/errors.ts';
import type { FileHead } from '../analyze/analyzer.ts';

/** Outputs of benchmarks are far smaller; a raw MLPerf run of 411 ranks is some 200 MB. */
const MAX_BYTES = 512 * 1_048_576;

/** All text of a file, unpacked. Fails with TR_BENCH_INVALID when it is too large or cannot be read. */
export async function wholeText(head: FileHead): Promise<Result<string>> {
  if (head.sizeBytes > MAX_BYTES) return invalid(head.name, 'is larger than 512 MiB');
  try {
    const bytes = await readFile(head.path);
    const unpacked = head.gzip ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
    return ok(unpacked.toString('utf8'));
  } catch (error) {
    return invalid(head.name, error instanceof Error ? error.message : String(error));
  }
}

/** What a parser throws for bad input, as a value. */
export function asResult<T>(parse: () => T): Result<T> {
  try {
    return ok(parse());
  } catch (error) {
    if (error instanceof TailraceError) return { ok: false, error };
    throw error;
  }
}

/** First line of a file that holds anything. */
export const firstLine = ({ text }: FileHead): string =>
  text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? '';

const invalid = (name: string, problem: string): Result<never> =>
  fail('TR_BENCH_INVALID', `${name}: ${problem}`, { field: 'FILE' });
