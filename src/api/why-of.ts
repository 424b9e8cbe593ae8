import type { Config } from '../config/schema.ts';
import type { ClusterFacts } from '../measure/bottleneck/cluster/cluster-facts.ts';
import { computeWhy } from '../measure/bottleneck/compute-why.ts';
import { readJobSteps } from '../measure/bottleneck/training/read-job-steps.ts';
import type { WhyReport } from '../measure/bottleneck/why-report.ts';
import type { Window } from '../measure/ledger/ledger.ts';
import { dataStallS } from '../plan/training/data-loading.ts';
import type { ControlDeps } from './deps.ts';

/** The account of accelerator time over what this server is handed; step logs are read from disk. */
export function whyOf(
  deps: ControlDeps,
  ask: {
    window: Window;
    config: Config;
    subject?: string | undefined;
    clusters?: readonly ClusterFacts[];
    /** Also what the configured clusters were seen to do. */
    isLive?: boolean;
  },
): Promise<WhyReport> {
  const { ledger, clock, telemetry } = deps;
  const resources =
    telemetry === undefined
      ? (deps.resources ?? null)
      : (query: Parameters<typeof telemetry.resources>[0]) => telemetry.resources(query);
  const spells = deps.clusterSpells ?? telemetry?.clusterSpells.bind(telemetry);
  return computeWhy({
    ...ask,
    ledger,
    resources,
    // Clusters that the caller brings stand in for what was seen of them here.
    clusterSpells: ask.isLive === true && (ask.clusters ?? []).length === 0 ? spells : undefined,
    readSteps: readJobSteps,
    planner: { dataStallS },
    clock,
  });
}
