import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { KubeAccessIo } from './kube-access.ts';

/** A credential plug-in may open a connection of its own, but not wait for a person. */
const PLUGIN_TIMEOUT_MS = 30_000;
const MAX_PRINTED_BYTES = 1_048_576;

/** Files and plug-ins of this machine. */
export const systemAccessIo = (env: KubeAccessIo['env']): KubeAccessIo => ({
  env,
  readFile: (path) => readFile(path, 'utf8'),
  exec: async (command, args, extra) => {
    const { stdout } = await promisify(execFile)(command, [...args], {
      env: { ...env, ...extra },
      timeout: PLUGIN_TIMEOUT_MS,
      maxBuffer: MAX_PRINTED_BYTES,
    });
    return stdout;
  },
});
