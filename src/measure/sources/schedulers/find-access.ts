import { join } from 'node:path';
import type { Result } from '../../../records/errors.ts';
import { inClusterAccess } from './in-cluster-access.ts';
import type { KubeAccess, KubeAccessIo } from './kube-access.ts';
import { readKubeconfig } from './kubeconfig.ts';

/**
 * Finds access as kubectl does: the file that is named, else the first of `KUBECONFIG`, else the
 * service account of the pod this runs in, else `~/.kube/config`.
 */
export async function findAccess(
  wanted: { kubeconfig: string | null; context: string | null },
  io: KubeAccessIo,
): Promise<Result<KubeAccess>> {
  const [fromEnv = ''] = (io.env['KUBECONFIG'] ?? '').split(':');
  const named = wanted.kubeconfig ?? (fromEnv === '' ? null : fromEnv);
  if (named !== null) return readKubeconfig(named, wanted.context, io);
  const inCluster = await inClusterAccess(io);
  if (inCluster !== null) return inCluster;
  return readKubeconfig(join(io.env['HOME'] ?? '/', '.kube', 'config'), wanted.context, io);
}
