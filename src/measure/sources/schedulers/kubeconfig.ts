import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { fail, ok, type Result } from '../../../records/errors.ts';
import { execPlugin, keepExecToken } from './exec-credential.ts';
import type { KubeAccess, KubeAccessIo } from './kube-access.ts';

const named = <T extends z.ZodRawShape>(shape: T) =>
  z.array(z.object({ name: z.string(), ...shape })).nullish();

const kubeconfig = z.object({
  'current-context': z.string().nullish(),
  contexts: named({ context: z.object({ cluster: z.string(), user: z.string().nullish() }) }),
  clusters: named({
    cluster: z.object({
      server: z.string(),
      'certificate-authority': z.string().nullish(),
      'certificate-authority-data': z.string().nullish(),
      'insecure-skip-tls-verify': z.boolean().nullish(),
      'tls-server-name': z.string().nullish(),
    }),
  }),
  users: named({
    user: z
      .object({
        token: z.string().nullish(),
        tokenFile: z.string().nullish(),
        'client-certificate': z.string().nullish(),
        'client-certificate-data': z.string().nullish(),
        'client-key': z.string().nullish(),
        'client-key-data': z.string().nullish(),
        exec: execPlugin.nullish(),
        'auth-provider': z.unknown().optional(),
        username: z.string().nullish(),
      })
      .nullish(),
  }),
});
type User = NonNullable<NonNullable<z.infer<typeof kubeconfig>['users']>[number]['user']>;

/**
 * Reads one context of a kubeconfig file (client-go, tools/clientcmd/api/v1): its cluster, and its
 * user by token, token file, client certificate or exec plug-in. Paths in it are relative to the
 * file. TR_CLUSTER_ACCESS names the file and the entry at fault, never what is in it.
 */
export async function readKubeconfig(
  path: string,
  contextName: string | null,
  io: KubeAccessIo,
): Promise<Result<KubeAccess>> {
  const refuse = (problem: string, cause?: unknown): Result<KubeAccess> =>
    fail('TR_CLUSTER_ACCESS', `${path}: ${problem}`, { field: 'kubeconfig', cause });
  let text: string;
  try {
    text = await io.readFile(path);
  } catch (cause) {
    return refuse('cannot be read; give --kubeconfig a file', cause);
  }
  const parsed = kubeconfig.safeParse(parseYaml(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`${issue?.path.join('.') || 'the file'} is not that of a kubeconfig file`);
  }
  const config = parsed.data;
  const name = contextName ?? config['current-context'] ?? '';
  const context = config.contexts?.find((one) => one.name === name)?.context;
  if (context === undefined) {
    const known = config.contexts?.map((one) => one.name).join(', ') ?? '';
    return refuse(`there is no context "${name}"; give --context one of: ${known}`);
  }
  const cluster = config.clusters?.find((one) => one.name === context.cluster)?.cluster;
  if (cluster === undefined) return refuse(`there is no cluster "${context.cluster}"`);
  if (!/^https?:\/\/\S+$/.test(cluster.server)) return refuse('server is not an http address');
  const user: User = config.users?.find((one) => one.name === context.user)?.user ?? {};
  if (user['auth-provider'] !== undefined || (user.username ?? '') !== '') {
    return refuse(
      'auth-provider and passwords went out of Kubernetes; use exec, token or certificate',
    );
  }
  const pem = pemReader(path, io);
  const { exec } = user;
  const fromPlugin = exec === null || exec === undefined ? null : keepExecToken(exec, io);
  try {
    return ok({
      server: cluster.server.replace(/\/+$/, ''),
      caPem: await pem(cluster['certificate-authority-data'], cluster['certificate-authority']),
      skipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
      serverName: cluster['tls-server-name'] ?? null,
      clientCertificatePem: await pem(user['client-certificate-data'], user['client-certificate']),
      clientKeyPem: await pem(user['client-key-data'], user['client-key']),
      token: () => userToken(user, path, io, fromPlugin),
      source: `${path}, context ${name}`,
    });
  } catch (cause) {
    return refuse('a certificate or key file that it names cannot be read', cause);
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch {
    return null;
  }
}

const resolveBeside = (path: string, file: string): string =>
  isAbsolute(file) ? file : join(dirname(path), file);

type Pem = (
  data: string | null | undefined,
  file: string | null | undefined,
) => Promise<string | null>;

/** Data in the file wins over a path, as in client-go. */
const pemReader =
  (path: string, io: KubeAccessIo): Pem =>
  async (data, file) => {
    if (typeof data === 'string' && data !== '')
      return Buffer.from(data, 'base64').toString('utf8');
    if (typeof file === 'string' && file !== '') return io.readFile(resolveBeside(path, file));
    return null;
  };

async function userToken(
  user: User,
  path: string,
  io: KubeAccessIo,
  fromPlugin: (() => Promise<string>) | null,
): Promise<string | null> {
  if (typeof user.tokenFile === 'string' && user.tokenFile !== '') {
    return (await io.readFile(resolveBeside(path, user.tokenFile))).trim();
  }
  if (typeof user.token === 'string' && user.token !== '') return user.token;
  return fromPlugin === null ? null : fromPlugin();
}
