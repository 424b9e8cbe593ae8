import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `<stateDir>/instance.json`: how to reach the instance that runs on this state folder. */
const instanceRecord = z.object({
  url: z.url({ protocol: /^https?$/ }),
  adminKey: z.string().regex(/^[\x21-\x7e]{8,512}$/),
  pid: z.int().positive(),
  startedAtMs: z.number(),
  version: z.string(),
});
export type InstanceRecord = z.infer<typeof instanceRecord>;

/** Bits that let the group or others read or write a file. */
const OTHERS = 0o077;
const MAX_BYTES = 65_536;

/**
 * The record of the state folder, or why it is not used: `warning` is null when there simply is
 * none. A file that others can read is refused as ssh refuses such a key: it may be stolen, and one
 * that others can write may lead anywhere.
 */
export function readInstanceRecord(
  stateDir: string,
): { record: InstanceRecord } | { record: null; warning: string | null } {
  const path = join(stateDir, 'instance.json');
  try {
    const stat = statSync(path);
    if (process.platform !== 'win32' && (stat.mode & OTHERS) !== 0) {
      const mode = (stat.mode & 0o777).toString(8);
      const why = `${path} has mode ${mode}, so others can reach the admin key in it`;
      return { record: null, warning: `${why}; it is not used. Run: chmod 600 ${path}` };
    }
    if (!stat.isFile() || stat.size > MAX_BYTES) return { record: null, warning: damaged(path) };
    const parsed = instanceRecord.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? { record: parsed.data } : { record: null, warning: damaged(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { record: null, warning: null };
    if (error instanceof SyntaxError) return { record: null, warning: damaged(path) };
    const reason = error instanceof Error ? error.message : String(error);
    return { record: null, warning: `${path} cannot be read: ${reason}` };
  }
}

const damaged = (path: string): string =>
  `${path} is not an instance file and is not used; restart Tailrace to have it written again`;
