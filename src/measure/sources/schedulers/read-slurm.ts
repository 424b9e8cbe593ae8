import type { ClusterNode } from '../../../records/cluster-trace/cluster-node.ts';
import type { ClusterPod } from '../../../records/cluster-trace/cluster-pod.ts';
import { readNodes } from '../../../records/cluster-trace/read-nodes.ts';
import { readPods } from '../../../records/cluster-trace/read-pods.ts';
import { fail, ok, TailraceError, type Result } from '../../../records/errors.ts';
import type { KubeAccessIo } from './kube-access.ts';

/** Slurm's own times: local and without a zone, unless told otherwise. */
const ENVIRONMENT = { SLURM_TIME_FORMAT: 'standard', TZ: 'UTC' };

const SINFO = ['-N', '-o', '%N|%c|%m|%G'];
const SACCT_FIELDS = 'JobID,User,Submit,Start,End,State,ElapsedRaw,ReqTRES,NNodes,Priority';

/** Jobs and nodes of a Slurm cluster. */
export interface SlurmCluster {
  nodes: ClusterNode[];
  jobs: ClusterPod[];
}

/**
 * Asks the Slurm of this machine for its nodes (`sinfo`) and the jobs of all users since a moment
 * (`sacct`). Reads only. `sinceS` is Unix seconds. TR_CLUSTER_DOWN when a command does not run or
 * prints something else.
 */
export async function readSlurm(
  io: Pick<KubeAccessIo, 'exec'>,
  sinceS: number,
): Promise<Result<SlurmCluster>> {
  const since = new Date(sinceS * 1000).toISOString().slice(0, 19);
  const sacct = ['-a', '-X', '-P', '-S', since, '-o', SACCT_FIELDS];
  const nodes = await printed(io, 'sinfo', SINFO, readNodes);
  if (!nodes.ok) return nodes;
  const jobs = await printed(io, 'sacct', sacct, (text) => readPods(text).pods);
  if (!jobs.ok) return jobs;
  return ok({ nodes: nodes.value, jobs: jobs.value });
}

async function printed<T>(
  io: Pick<KubeAccessIo, 'exec'>,
  command: string,
  args: readonly string[],
  read: (text: string) => T,
): Promise<Result<T>> {
  let text: string;
  try {
    text = await io.exec(command, args, ENVIRONMENT);
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause);
    return fail('TR_CLUSTER_DOWN', `${command} did not run: ${reason}`, { field: command, cause });
  }
  try {
    return ok(read(text));
  } catch (cause) {
    if (!(cause instanceof TailraceError)) throw cause;
    const message = `${command} printed what is not known: ${cause.message}`;
    return fail('TR_CLUSTER_DOWN', message, { field: command, cause });
  }
}
