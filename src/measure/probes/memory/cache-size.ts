import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const CACHES = '/sys/devices/system/cpu/cpu0/cache';

/** Bytes of the largest cache that CPU 0 sees; null where the system does not tell. */
export async function largestCacheBytes(folder: string = CACHES): Promise<number | null> {
  try {
    const names = (await readdir(folder)).filter((name) => name.startsWith('index'));
    const sizes = await Promise.all(
      names.map(async (name) => parseSize(await readFile(join(folder, name, 'size'), 'utf8'))),
    );
    const largest = Math.max(0, ...sizes);
    return largest === 0 ? null : largest;
  } catch {
    return null;
  }
}

/** `32768K` or `32M`. */
function parseSize(text: string): number {
  const match = /^(\d+)([KM]?)$/.exec(text.trim());
  const unit = match?.[2] === 'M' ? 1_048_576 : match?.[2] === 'K' ? 1024 : 1;
  return Number(match?.[1] ?? 0) * unit;
}
