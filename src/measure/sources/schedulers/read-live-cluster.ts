import type { ClusterConfig } from '../../../config/schema.ts';
import { ok, TailraceError, type Result } from '../../../records/errors.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { findAccess } from './find-access.ts';
import type { KubeAccess, KubeAccessIo } from './kube-access.ts';
import { createKubeClient, type KubeClient } from './kube-client.ts';
import { readCluster } from './read-cluster.ts';
import { readSlurmSnapshot } from './slurm-snapshot.ts';

/** One configured cluster, to be looked at again and again. */
export interface LiveCluster {
  /** TR_CLUSTER_ACCESS, TR_CLUSTER_DOWN; never rejects. */
  read(nowMs: number): Promise<Result<ClusterSnapshot>>;
  close(): Promise<void>;
}

/**
 * Opens a cluster of the configuration. Access is found at the first look and, after a look that failed, anew: a file
 * that was renewed is taken in. Tokens from files and plug-ins are read as they expire.
 */
export function openLiveCluster(config: ClusterConfig, io: KubeAccessIo): LiveCluster {
  if (config.kind === 'slurm') {
    return {
      read: (nowMs) => readSlurmSnapshot(io, config.command, { source: config.name, nowMs }),
      close: async () => {},
    };
  }
  let client: KubeClient | null = null;
  const drop = async (): Promise<void> => {
    await client?.close();
    client = null;
  };
  return {
    close: drop,
    async read(nowMs) {
      try {
        if (client === null) {
          const access = await accessOf(config, io);
          if (!access.ok) return access;
          client = createKubeClient(access.value);
        }
        const read = await readCluster(client, config.name, nowMs);
        if (!read.ok) await drop();
        return read;
      } catch (error) {
        await drop();
        if (error instanceof TailraceError) return { ok: false, error };
        const reason = error instanceof Error ? error.message : String(error);
        const message = `${config.name} cannot be read: ${reason}`;
        return {
          ok: false,
          error: new TailraceError('TR_CLUSTER_DOWN', message, { cause: error }),
        };
      }
    },
  };
}

type KubernetesConfig = Extract<ClusterConfig, { kind: 'kubernetes' }>;

async function accessOf(config: KubernetesConfig, io: KubeAccessIo): Promise<Result<KubeAccess>> {
  const { name, server, token, tokenFile, caFile } = config;
  if (server === undefined) {
    const { kubeconfig = null, context = null } = config;
    return findAccess({ kubeconfig, context }, io);
  }
  return ok({
    server: server.replace(/\/+$/, ''),
    caPem: caFile === undefined ? null : await readNamed(io, caFile, name, 'caFile'),
    skipTlsVerify: false,
    serverName: null,
    clientCertificatePem: null,
    clientKeyPem: null,
    token: async () =>
      tokenFile === undefined
        ? (token ?? null)
        : (await readNamed(io, tokenFile, name, 'tokenFile')).trim(),
    source: `clusters[${name}]`,
  });
}

async function readNamed(
  io: KubeAccessIo,
  path: string,
  cluster: string,
  field: string,
): Promise<string> {
  try {
    return await io.readFile(path);
  } catch (cause) {
    const message = `clusters[${cluster}].${field}: ${path} cannot be read`;
    throw new TailraceError('TR_CLUSTER_ACCESS', message, { field, cause });
  }
}
