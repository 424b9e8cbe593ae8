import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TailraceError } from '../records/errors.ts';

/** How command line and tools find the running instance: `instance.json` in the state folder, mode 600. */
export interface InstanceFile {
  url: string;
  adminKey: string;
  pid: number;
  startedAtMs: number;
  version: string;
}

export function writeInstanceFile(stateDir: string, instance: InstanceFile): void {
  const path = join(stateDir, 'instance.json');
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

export function removeInstanceFile(stateDir: string): void {
  rmSync(join(stateDir, 'instance.json'), { force: true });
}

/** Where this machine reaches an instance that listens on `host`. */
export function instanceUrl(host: string, port: number): string {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const name = everywhere[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/**
 * The instance's own admin key: made once, kept in the state folder with mode 600. TR_START_FAILED where the folder
 * cannot be made or written.
 */
export function readOrCreateAdminKey(stateDir: string): string {
  try {
    return keyIn(stateDir);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const fix = 'make it writable, or set TAILRACE_DATA to another folder';
    const message = `the state folder ${stateDir} cannot be used: ${why}; ${fix}`;
    throw new TailraceError('TR_START_FAILED', message, { cause });
  }
}

function keyIn(stateDir: string): string {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, 'admin.key');
  if (existsSync(path)) {
    chmodSync(path, 0o600);
    const key = readFileSync(path, 'utf8').trim();
    if (key !== '') return key;
  }
  const key = `tr_admin_${randomBytes(32).toString('base64url')}`;
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  return key;
}
