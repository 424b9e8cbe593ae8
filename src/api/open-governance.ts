import {
  openGovernanceDb,
  openGovernanceDbInMemory,
  type GovernanceDb,
} from '../govern/evidence/governance-db.ts';
import type { EvidenceSources, PlanFact } from '../govern/evidence/evidence-sources.ts';
import { createGovernance, type Governance } from '../govern/governance.ts';
import { overrideThresholds } from '../govern/scorecard/override-thresholds.ts';
import { shippedCriteria } from '../govern/scorecard/load-criteria.ts';
import { memoryLogbook, openLogbook, type Logbook } from '../govern/logbook/logbook.ts';
import { criticalVendors } from '../govern/vendors/critical-vendors.ts';
import { openVendorStore, type VendorStore } from '../govern/vendors/vendor-store.ts';
import { readResults, resultsPath } from '../measure/probes/evidence/result-store.ts';
import type { TelemetryReader } from '../measure/telemetry/telemetry.ts';
import type { PlanJobs } from '../plan/jobs/plan-jobs.ts';
import { probeFacts } from './probe-facts.ts';
import { accountOf } from './account-fact.ts';
import type { ControlDeps } from './deps.ts';
import { unwrap } from './unwrap.ts';

/** What an instance has for evidence to be collected from. */
export type GovernanceParts = Pick<
  ControlDeps,
  'ledger' | 'config' | 'clock' | 'computeAnswers' | 'plans'
> & {
  keys: Pick<ControlDeps['keys'], 'list'>;
  /** State folder; null: nothing is kept. */
  stateDir: string | null;
  telemetry?: TelemetryReader;
};

/** Governance, and what it draws on that others write to. */
export type OpenGovernance = Governance & { vendors: VendorStore; logbook: Logbook };

/** Opens `govern.db` of the state folder and joins it with what evidence is collected from. */
export async function openGovernance(parts: GovernanceParts): Promise<OpenGovernance> {
  const { stateDir } = parts;
  const db = await (stateDir === null ? openGovernanceDbInMemory() : openGovernanceDb(stateDir));
  // Over the one connection: two of one process would wait for each other's transactions.
  const vendors = await openVendorStore(db, parts.clock);
  const logbook = stateDir === null ? memoryLogbook() : openLogbook(stateDir);
  return { ...governanceOver(db, { vendors, logbook }, parts), vendors, logbook };
}

function governanceOver(
  db: GovernanceDb,
  stores: { vendors: VendorStore; logbook: Logbook },
  parts: GovernanceParts,
): Governance {
  const shipped = shippedCriteria();
  return createGovernance({
    db,
    sources: sourcesOf(parts, stores),
    logbook: stores.logbook,
    // Looked up each time: the configuration is read anew while the instance runs.
    criteria: () => {
      const { thresholds } = parts.config().scorecard;
      return { inForce: unwrap(overrideThresholds(shipped, thresholds)), shipped };
    },
  });
}

function sourcesOf(
  parts: GovernanceParts,
  { vendors, logbook }: { vendors: VendorStore; logbook: Logbook },
): EvidenceSources {
  const { ledger, config, clock, computeAnswers, keys, plans, telemetry, stateDir } = parts;
  return {
    ledger,
    config,
    clock,
    computeAnswers,
    keys: () => keys.list(),
    vendors: async () => criticalVendors(await vendors.files(), clock.wallMs()),
    logbook,
    account: (window) => accountOf(parts, window),
    ...(telemetry === undefined ? {} : { resources: (query) => telemetry.resources(query) }),
    ...(plans === undefined ? {} : { plans: () => planFacts(plans) }),
    ...(stateDir === null
      ? {}
      : { probes: async () => probeFacts((await readResults(resultsPath(stateDir))).results) }),
  };
}

/** Plans that ended; whether a site plan fits is in its result. */
function planFacts(plans: PlanJobs): PlanFact[] {
  return plans.list().flatMap((job) => {
    const result = plans.get(job.id)?.result ?? null;
    if (job.state !== 'done' || job.endedAtMs === null || result === null) return [];
    const fits = 'check' in result ? result.check.fits : null;
    return [{ id: job.id, kind: job.kind, endedAtMs: job.endedAtMs, fits }];
  });
}
