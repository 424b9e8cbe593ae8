import { fail, ok, type Result } from '../../../records/errors.ts';
import type {
  ClusterSnapshot,
  Devices,
  Hold,
  PodStage,
  SnapshotNode,
  SnapshotPod,
} from './cluster-snapshot.ts';
import { expandHostList } from './host-list.ts';
import type { KubeAccessIo } from './kube-access.ts';
import { slurmLines } from './slurm-lines.ts';

/** Fields asked for, in this order; the last is free text. */
const NODE_FIELDS = [
  'NodeList',
  'StateComplete',
  'Gres',
  'GresUsed',
  'CPUsState',
  'Memory',
  'Reason',
];
const JOB_FIELDS = [
  'JobArrayID',
  'UserName',
  'State',
  'Reason',
  'NumNodes',
  'NodeList',
  'tres-alloc',
  'tres-per-node',
  'tres-per-job',
  'SubmitTime',
  'StartTime',
  'PriorityLong',
  'Name',
];
const format = (fields: readonly string[]): string => fields.map((one) => `${one}:|`).join(',');

/** Times in UTC, whatever the user of the cluster sets. */
const ENVIRONMENT = ['env', 'TZ=UTC', 'SLURM_TIME_FORMAT=standard'];
const SINFO = [...ENVIRONMENT, 'sinfo', '-N', '-O', format(NODE_FIELDS)];
const SQUEUE = [...ENVIRONMENT, 'squeue', '-a', '-r', '-O', format(JOB_FIELDS)];

/** One kind of card stands for all: Slurm asks for `gpu` and may name a type. */
const CARD = 'gres/gpu';

/**
 * Asks a Slurm cluster, here or through a command such as `ssh login-1`, for nodes and jobs. Reads only.
 * TR_CLUSTER_DOWN when a command does not run or prints something else.
 */
export async function readSlurmSnapshot(
  io: Pick<KubeAccessIo, 'exec'>,
  prefix: readonly string[],
  about: { source: string; nowMs: number },
): Promise<Result<ClusterSnapshot>> {
  const printed: string[] = [];
  for (const words of [SINFO, SQUEUE]) {
    const [command = '', ...args] = [...prefix, ...(isShell(prefix) ? words.map(quoted) : words)];
    try {
      printed.push(await io.exec(command, args, {}));
    } catch (cause) {
      const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
      const message = `${words[3] ?? ''} did not run: ${reason}`;
      return fail('TR_CLUSTER_DOWN', message, { field: words[3] ?? 'command', cause });
    }
  }
  const [nodes = '', jobs = ''] = printed;
  return slurmSnapshot({ nodes, jobs }, about);
}

/** ssh hands what follows to a shell of the other side; other programs run it as it is. */
const isShell = ([program = '']: readonly string[]): boolean => /(^|\/)(ssh|rsh)$/.test(program);
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A cluster as `sinfo` and `squeue` print it. TR_CLUSTER_DOWN when they print something else. */
export function slurmSnapshot(
  printed: { nodes: string; jobs: string },
  about: { source: string; nowMs: number },
): Result<ClusterSnapshot> {
  const nodeRows = slurmLines('sinfo', printed.nodes, NODE_FIELDS.length);
  if (!nodeRows.ok) return nodeRows;
  const jobRows = slurmLines('squeue', printed.jobs, JOB_FIELDS.length);
  if (!jobRows.ok) return jobRows;
  const rows = new Map(nodeRows.value.map((row) => [row[0] ?? '', row]));
  const nodes = [...rows.values()].map(toNode);
  const pods = jobRows.value.flatMap(toPods);
  return ok({
    scheduler: 'slurm',
    source: about.source,
    takenAtMs: about.nowMs,
    nodes,
    pods: [...pods, ...unnamedUse(rows, pods)],
    quotas: [],
    queues: [],
    waiting: [],
    use: null,
    gaps: [],
    kueueVersion: null,
  });
}

/** States that take no work (slurm.conf and sinfo(1), "NODE STATE CODES"), with or without flags. */
const OUT =
  /down|drain|drng|fail|maint|reserved|resv|reboot|power|inval|future|unk|no_respond|\*$/i;
const GONE = /down|no_respond|unk|\*$/i;

function toNode(row: readonly string[]): SnapshotNode {
  const [name = '', state = '', gres = '', , cpus = '', memory = '', reason = ''] = row;
  const isOut = OUT.test(state);
  const why = /^(none)?$/i.test(reason) ? '' : `: ${reason}`;
  return {
    name,
    usable: !isOut,
    outOfUse: isOut ? `${state}${why}` : null,
    reports: !GONE.test(state),
    withheld: {},
    gpuModel: /gpu:([a-z][\w.-]*):\d/i.exec(gres)?.[1] ?? null,
    replicas: 1,
    cpuMilli: Number(cpus.split('/')[3] ?? 0) * 1000 || 0,
    memoryMib: Number(memory) || 0,
    devices: cardsDevices(gresCards(gres)),
  };
}

/** Cards of `gpu:a100:4(S:0-1),gpu:2` or of `gpu:a100:2(IDX:0-1)`; other resources are skipped. */
function gresCards(gres: string): number {
  return gres
    .split(/,(?![^(]*\))/)
    .map((part) => /^(?:gres[/:])?gpu(?::[a-z][\w.-]*)?[:=](\d{1,4})/i.exec(part.trim())?.[1])
    .reduce((sum, count) => sum + Number(count ?? 0), 0);
}

const cardsDevices = (cards: number): Devices => (cards > 0 ? { [CARD]: cards } : {});

/** Job states of squeue(1) that hold nodes, by what they do; the others wait or have ended. */
const HOLDS: Readonly<Record<string, PodStage>> = {
  RUNNING: 'working',
  COMPLETING: 'ending',
  STAGE_OUT: 'ending',
  CONFIGURING: 'starting',
  SUSPENDED: 'working',
  STOPPED: 'working',
  SIGNALING: 'working',
  RESIZING: 'working',
};

/** One pod for each node of a job; what waits has none. Nothing for a job without cards. */
function toPods(row: readonly string[]): SnapshotPod[] {
  const [id = '', user = '', state = '', reason = '', count = '', list = ''] = row;
  const [, , , , , , alloc = '', perNode = '', perJob = '', submit = '', start = ''] = row;
  const held = HOLDS[state];
  if (held === undefined && !/^(PENDING|REQUEUED)/.test(state)) return [];
  const hosts = held === undefined ? [] : expandHostList(list);
  const nodes = Math.max(1, hosts.length || Number(count) || 1);
  const cards = jobCards(alloc, perNode, perJob, nodes);
  if (cards === 0) return [];
  return Array.from({ length: Math.min(nodes, 4096) }, (_, i) => ({
    uid: `${id}/${i}`,
    namespace: user,
    name: id,
    phase: held === undefined ? 'Pending' : 'Running',
    stage: held ?? 'waiting',
    stageWhy: state,
    hold: held === undefined ? holdOf(reason) : null,
    node: hosts[i] ?? null,
    labels: {},
    images: [],
    priorityClass: null,
    cpuMilli: 0,
    memoryMib: 0,
    devices: cardsDevices(cards / nodes),
    createdAtMs: momentOf(submit),
    // Of a job that waits it is a forecast.
    startedAtMs: held === undefined ? null : momentOf(start),
    unschedulable: held === undefined ? reason : null,
  }));
}

/** Slurm's own times have no zone; it was asked for UTC. */
const momentOf = (text: string): number | null => {
  const atMs = Date.parse(`${text}Z`);
  return Number.isNaN(atMs) ? null : atMs;
};

/** `tres-alloc` counts cards only where AccountingStorageTRES names them; else what was asked for. */
function jobCards(alloc: string, perNode: string, perJob: string, nodes: number): number {
  const total = alloc
    .split(',')
    .map((part) => /^gres\/gpu=(\d+)$/.exec(part)?.[1])
    .find((one) => one !== undefined);
  if (total !== undefined) return Number(total);
  return gresCards(perNode) * nodes || gresCards(perJob);
}

/** Reasons of squeue(1), "JOB REASON CODES". */
function holdOf(reason: string): Hold | null {
  if (/^(QOS|Assoc|Max|Job(ArrayTask)?Limit)/i.test(reason)) return 'quota';
  if (/^(Dependency|DependencyNever|BeginTime|JobHeld|JobHoldMaxRequeue|Deadline)/.test(reason))
    return 'own';
  return /^(Priority|Reservation|Licenses|PartitionConfig|PartitionDown)/i.test(reason)
    ? 'policy'
    : null;
}

/** Cards that a node counts as used and no listed job explains, such as those of another cluster's view. */
function unnamedUse(
  rows: ReadonlyMap<string, readonly string[]>,
  pods: readonly SnapshotPod[],
): SnapshotPod[] {
  return [...rows].flatMap(([node, row]) => {
    const named = pods
      .filter((pod) => pod.node === node)
      .reduce((sum, pod) => sum + (pod.devices[CARD] ?? 0), 0);
    const rest = gresCards(row[3] ?? '') - named;
    if (!(rest > 0)) return [];
    return {
      uid: `${node}/unnamed`,
      namespace: '',
      name: 'jobs that squeue does not tell apart',
      phase: 'Running',
      stage: 'working' as const,
      stageWhy: 'used by GresUsed of sinfo',
      hold: null,
      node,
      labels: {},
      images: [],
      priorityClass: null,
      cpuMilli: 0,
      memoryMib: 0,
      devices: cardsDevices(rest),
      createdAtMs: null,
      startedAtMs: null,
      unschedulable: null,
    };
  });
}
