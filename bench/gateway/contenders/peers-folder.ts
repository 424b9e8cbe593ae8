import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where peers are installed; git ignores it. */
export const PEERS = fileURLToPath(new URL('../../peers/', import.meta.url));

/** A file of an installed peer; throws with what to do when it is not there. */
export function peerFile(...parts: string[]): string {
  const path = join(PEERS, ...parts);
  if (existsSync(path)) return path;
  throw new Error(`${parts[0] ?? ''} is not installed; run: node bench/gateway/install-peers.ts`);
}
