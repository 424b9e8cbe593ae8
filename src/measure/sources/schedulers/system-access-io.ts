import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { KubeAccessIo } from './kube-access.ts';

/** A plug-in may open a connection, and sacct search a database; neither waits for a person. */
const EXEC_TIMEOUT_MS = 120_000;
/** A million jobs of sacct. */
const MAX_PRINTED_BYTES = 256 * 1_048_576;

/** Files, plug-ins and commands of this machine. */
export const systemAccessIo = (env: KubeAccessIo['env']): KubeAccessIo => ({
  env,
  nowMs: Date.now,
  readFile: (path) => readFile(path, 'utf8'),
  exec: async (command, args, extra) => {
    const { stdout } = await promisify(execFile)(command, [...args], {
      env: { ...env, ...extra },
      timeout: EXEC_TIMEOUT_MS,
      maxBuffer: MAX_PRINTED_BYTES,
    });
    return stdout;
  },
});
