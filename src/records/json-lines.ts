import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * Values of a file with one JSON value a line, oldest first, and how many lines could not be read (a cut line, a
 * later version). A file that is not there has none. Throws what the file system does.
 */
export async function readJsonLines<T>(
  path: string,
  schema: z.ZodType<T>,
): Promise<{ values: T[]; skipped: number }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { values: [], skipped: 0 };
    }
    throw error;
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const values = lines.flatMap((line) => {
    const parsed = parseLine(line, schema);
    return parsed === null ? [] : [parsed];
  });
  return { values, skipped: lines.length - values.length };
}

function parseLine<T>(line: string, schema: z.ZodType<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Adds one value. One write of one line; a line that was cut by a crash before it stays apart. */
export async function appendJsonLine(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const before = await readFile(path, 'utf8').catch(() => '');
  const lead = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(path, `${lead}${JSON.stringify(value)}\n`, { mode: 0o600 });
}
