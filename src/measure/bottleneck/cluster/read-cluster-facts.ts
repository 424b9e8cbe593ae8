import { z } from 'zod';
import { fail, ok, type Result } from '../../../records/errors.ts';
import type { Window } from '../../ledger/ledger.ts';
import type { ClusterFacts } from './cluster-facts.ts';

const hours = z.number().nonnegative();

/** A row of `tailrace cluster replay --json` with recorded arrivals. */
const queueRow = z.object({
  policy: z.string(),
  busyGpuHours: hours,
  noDemandGpuHours: hours,
  fragmentedGpuHours: hours,
  policyGpuHours: hours,
  heldGpuHours: hours,
  overGrantedGpuHours: hours,
  lostGpuHours: hours,
  idleUsd: z.number().nonnegative().nullable(),
});
const queueReplay = z.object({
  arrivals: z.literal('recorded'),
  windowHours: hours,
  rows: z.array(queueRow).min(1),
});

const waste = z.object({
  rule: z.string(),
  subject: z.string(),
  gpus: z.number().nullable(),
  usdPerHour: z.number().nullable(),
  evidence: z.string(),
});
/** What `tailrace cluster check --json` prints. */
const clusterCheck = z.object({
  source: z.string(),
  takenAtMs: z.number(),
  gpus: z.number().nonnegative(),
  allocatedGpus: z.number().nonnegative(),
  waiting: z.number().nonnegative(),
  findings: z.array(waste),
  unknown: z.array(z.string()),
});

/**
 * Reads the JSON of `cluster replay` (the first policy named is the one in use) or `cluster check` (a look at one moment
 * stands for the whole window). `usdPerCardHour` prices them where they carry no price. TR_FIELD_INVALID for anything else.
 */
export function readClusterFacts(
  text: string,
  facts: { window: Window; usdPerCardHour: number | null },
): Result<ClusterFacts> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('is not JSON');
  }
  const replay = queueReplay.safeParse(value);
  if (replay.success) return ok(fromReplay(replay.data, facts.usdPerCardHour));
  const check = clusterCheck.safeParse(value);
  if (check.success) return ok(fromCheck(check.data, facts));
  return refused('is neither a replay of recorded arrivals nor a check of a cluster');
}

const refused = (problem: string): Result<never> =>
  fail(
    'TR_FIELD_INVALID',
    `the cluster file ${problem}; write it with \`tailrace cluster check --json\` or \`tailrace cluster replay --json\``,
    { field: 'cluster' },
  );

/**
 * Card time of the line as the replay measured it. Cards held by part of a gang, and those granted beyond the request, were
 * the policy's doing; what preempted work had done is lost.
 */
function fromReplay(replay: z.infer<typeof queueReplay>, usd: number | null): ClusterFacts {
  const [row] = replay.rows;
  if (row === undefined) throw new RangeError('a replay has a row');
  return {
    ...NONE,
    name: `cluster under ${row.policy}`,
    noDemandHours: row.noDemandGpuHours,
    fragmentationHours: row.fragmentedGpuHours,
    queuePolicyHours: row.policyGpuHours + row.heldGpuHours + row.overGrantedGpuHours,
    failedHours: row.lostGpuHours,
    grantedHours: Math.max(0, row.busyGpuHours - row.lostGpuHours),
    spanHours: replay.windowHours,
    usdPerCardHour: usd ?? priceOf(row),
    confidence: 'medium',
    evidence: {
      'no-demand': 'free while nobody waited, by replay of the recorded jobs',
      fragmentation: 'free and wanted, in pieces of no use to the workload (FGD measure)',
      'queue-policy':
        `free, of use and wanted ${row.policyGpuHours.toFixed(1)} h, held by part of a gang ` +
        `${row.heldGpuHours.toFixed(1)} h, granted beyond the request ${row.overGrantedGpuHours.toFixed(1)} h`,
      failed: 'work of jobs that were preempted and began again',
    },
    notes: ['hours are those of the replayed trace, not of this window'],
  };
}

/** What the replay was priced with, as it priced the time without kept work. */
function priceOf(row: z.infer<typeof queueRow>): number | null {
  const idle =
    row.noDemandGpuHours +
    row.fragmentedGpuHours +
    row.policyGpuHours +
    row.heldGpuHours +
    row.overGrantedGpuHours +
    row.lostGpuHours;
  return row.idleUsd === null || idle === 0 ? null : row.idleUsd / idle;
}

function fromCheck(
  check: z.infer<typeof clusterCheck>,
  { window, usdPerCardHour }: { window: Window; usdPerCardHour: number | null },
): ClusterFacts {
  const windowHours = (window.toMs - window.fromMs) / 3_600_000;
  const of = (rule: string): Array<z.infer<typeof waste>> =>
    check.findings.filter((one) => one.rule === rule);
  const cards = (all: ReadonlyArray<z.infer<typeof waste>>): number =>
    all.reduce((sum, one) => sum + (one.gpus ?? 0), 0);
  const free = Math.max(0, check.gpus - check.allocatedGpus);
  const quotas = of('blocking-quota');
  const notebooks = of('idle-notebook');
  const quota = Math.min(free, cards(quotas));
  // What waits though cards are free, and no quota keeps it, needs a replay to be told apart.
  const rest = free - quota;
  const isWanted = check.waiting > 0 && quotas.length === 0;
  const priced = check.findings.find((one) => one.usdPerHour !== null && (one.gpus ?? 0) > 0);
  const price = priced === undefined ? null : (priced.usdPerHour ?? 0) / (priced.gpus ?? 1);
  return {
    ...NONE,
    name: check.source,
    noDemandHours: isWanted ? 0 : rest * windowHours,
    unexplainedHours: isWanted ? rest * windowHours : 0,
    quotaHours: quota * windowHours,
    leftOnHours: Math.min(check.allocatedGpus, cards(notebooks)) * windowHours,
    grantedHours: Math.max(0, check.allocatedGpus - cards(notebooks)) * windowHours,
    usdPerCardHour: usdPerCardHour ?? price,
    confidence: 'low',
    evidence: {
      'no-demand': `${rest} of ${check.gpus} cards free, ${check.waiting} wait`,
      quota: quotas.map((one) => `${one.subject}: ${one.evidence}`).join('; '),
      'left-on': notebooks.map((one) => `${one.subject}: ${one.evidence}`).join('; '),
    },
    named: [...quotas, ...notebooks].map((one) => one.subject),
    notes: [
      `one look at ${new Date(check.takenAtMs).toISOString()} stands for the whole window`,
      ...(isWanted
        ? [
            `${rest} cards are free while ${check.waiting} wait: replay the jobs to tell fragmentation from policy`,
          ]
        : []),
      ...check.unknown,
    ],
  };
}

const NONE = {
  noDemandHours: 0,
  quotaHours: 0,
  fragmentationHours: 0,
  queuePolicyHours: 0,
  maintenanceHours: 0,
  failedHours: 0,
  startingHours: 0,
  loadingHours: 0,
  leftOnHours: 0,
  unexplainedHours: 0,
  spanHours: null,
  named: [],
};
