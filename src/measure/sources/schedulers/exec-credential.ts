import { z } from 'zod';
import { TailraceError } from '../../../records/errors.ts';
import type { KubeAccessIo } from './kube-access.ts';

/** An exec entry of a kubeconfig file. */
export const execPlugin = z.object({
  apiVersion: z.string().nullish(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
type ExecPlugin = z.infer<typeof execPlugin>;

const execCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    expirationTimestamp: z.string().nullish(),
    clientCertificateData: z.string().optional(),
  }),
});

/** A credential this close to its end is asked for again (client-go asks when it has expired). */
const RENEW_BEFORE_MS = 30_000;

/**
 * Asks a plug-in when there is no token yet, or its `expirationTimestamp` is near. One without an end is kept for as long
 * as the access is, as client-go does.
 */
export function keepExecToken(plugin: ExecPlugin, io: KubeAccessIo): () => Promise<string> {
  let kept: ExecToken | null = null;
  return async () => {
    const nowMs = io.nowMs?.() ?? Number.POSITIVE_INFINITY;
    if (kept === null || nowMs > kept.expiresAtMs - RENEW_BEFORE_MS) {
      kept = await execToken(plugin, io);
    }
    return kept.token;
  };
}

interface ExecToken {
  token: string;
  /** The largest number where the plug-in names no end. */
  expiresAtMs: number;
}

/**
 * Token from a credential plug-in (client.authentication.k8s.io, "client-go credential plugins"),
 * such as those of the large clouds. Plug-ins that give a certificate instead are refused. Throws
 * TR_CLUSTER_ACCESS without what the plug-in printed.
 */
async function execToken(plugin: ExecPlugin, io: KubeAccessIo): Promise<ExecToken> {
  const { command, args, env } = plugin;
  const info = {
    apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  };
  const extra = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  let printed: string;
  try {
    const environment = { ...extra, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    printed = await io.exec(command, args ?? [], environment);
  } catch (cause) {
    throw refused(command, 'did not run; run it by hand to see why', cause);
  }
  const parsed = execCredential.safeParse(parseJson(printed));
  const token = parsed.success ? parsed.data.status.token : undefined;
  if (token === undefined) throw refused(command, 'gave no token; use one that gives a token');
  const expiresAtMs = Date.parse(parsed.data?.status.expirationTimestamp ?? '');
  return { token, expiresAtMs: Number.isNaN(expiresAtMs) ? Number.MAX_VALUE : expiresAtMs };
}

const refused = (command: string, problem: string, cause?: unknown): TailraceError =>
  new TailraceError('TR_CLUSTER_ACCESS', `credential plug-in ${command} ${problem}`, { cause });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
