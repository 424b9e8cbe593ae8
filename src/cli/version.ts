import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From the package's own manifest: two folders up in a clone, one in a bundle. */
function readVersion(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const up of [join('..', '..'), '..']) {
    try {
      const text = readFileSync(join(here, up, 'package.json'), 'utf8');
      const manifest = JSON.parse(text) as { name?: unknown; version?: unknown };
      if (manifest.name === 'tailrace' && typeof manifest.version === 'string') {
        return manifest.version;
      }
    } catch {
      // Not the folder of the manifest; look further.
    }
  }
  return 'unknown';
}

/** Version of this Tailrace, e.g. `0.1.0`. */
export const version = readVersion();
