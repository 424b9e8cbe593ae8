import type { AccountFact } from '../govern/evidence/evidence-sources.ts';
import { computeWhy } from '../measure/bottleneck/compute-why.ts';
import { readJobSteps } from '../measure/bottleneck/training/read-job-steps.ts';
import type { TimeLeaf, TimeTree, WhyReport } from '../measure/bottleneck/why-report.ts';
import type { Window } from '../measure/ledger/ledger.ts';
import type { GovernanceParts } from './open-governance.ts';

/** What evidence needs of the account of accelerator time. Null: nothing to account for. */
export async function accountOf(
  { ledger, telemetry, config, clock }: GovernanceParts,
  window: Window,
): Promise<AccountFact | null> {
  const report = await computeWhy({
    ledger,
    resources: telemetry === undefined ? null : (query) => telemetry.resources(query),
    readSteps: readJobSteps,
    config: config(),
    window,
    planner: null,
    clock,
  });
  if (report.trees.length === 0) return null;
  const leaves = report.trees.flatMap((tree) => tree.leaves);
  const lost = hours(leaves, (leaf) => leaf.group !== 'useful');
  const unexplained = hours(leaves, (leaf) => leaf.group === 'unexplained');
  return {
    lostAttributedShare: lost > 0 ? 1 - unexplained / lost : null,
    training: trainingOf(report),
    simulated: report.simulated !== 'none',
  };
}

function trainingOf(report: WhyReport): AccountFact['training'] {
  const tree: TimeTree | undefined = report.trees.find((one) => one.business === 'training');
  const accounts = report.accounts.filter((one) => one.business === 'training');
  if (tree === undefined || tree.acceleratorHours <= 0) return null;
  const share = (keep: (leaf: TimeLeaf) => boolean): number =>
    hours(tree.leaves, keep) / tree.acceleratorHours;
  let goodHours: number | null = 0;
  for (const { metrics, acceleratorHours } of accounts) {
    const good = metrics.goodput?.total ?? null;
    goodHours = good === null || goodHours === null ? null : goodHours + good * acceleratorHours;
  }
  return {
    dataStallShare: share((leaf) => leaf.cause === 'data-stall'),
    goodputShare: goodHours === null ? null : goodHours / tree.acceleratorHours,
    explainedShare: 1 - share((leaf) => leaf.group === 'unexplained'),
    simulated: accounts.some((one) => one.simulated),
  };
}

const hours = (leaves: readonly TimeLeaf[], keep: (leaf: TimeLeaf) => boolean): number =>
  leaves.filter(keep).reduce((sum, leaf) => sum + leaf.acceleratorHours, 0);
