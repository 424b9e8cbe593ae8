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

/** The instance's own admin key: made once, kept in the state folder with mode 600. */
export function readOrCreateAdminKey(stateDir: string): string {
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
