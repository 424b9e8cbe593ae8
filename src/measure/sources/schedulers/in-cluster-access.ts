import { fail, ok, type Result } from '../../../records/errors.ts';
import type { KubeAccess, KubeAccessIo } from './kube-access.ts';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Access of a pod with a service account, as Kubernetes lays it out ("Accessing the Kubernetes API
 * from a Pod"). The token is read again each time: the kubelet renews the file. Null outside a
 * cluster; TR_CLUSTER_ACCESS when the files that should be there are not.
 */
export async function inClusterAccess(io: KubeAccessIo): Promise<Result<KubeAccess> | null> {
  const host = io.env['KUBERNETES_SERVICE_HOST'];
  const port = io.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === undefined || host === '') return null;
  try {
    const caPem = await io.readFile(`${FOLDER}/ca.crt`);
    return ok({
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      caPem,
      skipTlsVerify: false,
      serverName: null,
      clientCertificatePem: null,
      clientKeyPem: null,
      token: async () => (await io.readFile(`${FOLDER}/token`)).trim(),
      source: 'service account of this pod',
    });
  } catch (cause) {
    const message = `${FOLDER}/ca.crt cannot be read; let the pod mount its service account`;
    return fail('TR_CLUSTER_ACCESS', message, { cause });
  }
}
