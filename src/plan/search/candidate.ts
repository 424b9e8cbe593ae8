import { findAccelerator } from '../../catalog/accelerators.ts';
import type { RoutingPolicy } from '../../serve/routing/pick-engine.ts';
import type { DeploymentPlan, Plan } from '../plan-file/plan-schema.ts';
import type { Quantization } from '../../catalog/footprint.ts';

/** One way to serve a workload: what runs on one replica, and how many of them there are. */
export interface Candidate {
  /** Id in the accelerator catalog. */
  accelerator: string;
  quantization: Quantization;
  tensorParallel: number;
  maxSequences: number;
  maxBatchedTokens: number;
  gpuMemoryShare: number;
  routing: RoutingPolicy;
  replicas: number;
}

/** Accelerators of the whole fleet. */
export const acceleratorsOf = (candidate: Candidate): number =>
  candidate.tensorParallel * candidate.replicas;

/** The same text for the same candidate; orders ties. */
export const keyOf = (c: Candidate): string =>
  [
    c.accelerator,
    c.quantization,
    `tp${c.tensorParallel}`,
    `x${String(c.replicas).padStart(4, '0')}`,
    `seqs${String(c.maxSequences).padStart(5, '0')}`,
    `tokens${String(c.maxBatchedTokens).padStart(7, '0')}`,
    `mem${c.gpuMemoryShare}`,
    c.routing,
  ].join(' ');

/** What is bought: candidates that differ only in settings share it. */
export const shapeOf = (c: Candidate): string =>
  `${c.accelerator} ${c.quantization} tp${c.tensorParallel} x${c.replicas}`;

/** Every combination of the plan's choices, in a fixed order. */
export function candidatesOf({ search }: Plan): Candidate[] {
  const accelerators = [...new Set(search.accelerators.map(idOf))];
  const replicas = Array.from({ length: search.maxReplicas }, (_, i) => i + 1);
  return accelerators.flatMap((accelerator) =>
    search.quantizations.flatMap((quantization) =>
      search.tensorParallel.flatMap((tensorParallel) =>
        search.maxSequences.flatMap((maxSequences) =>
          search.maxBatchedTokens.flatMap((maxBatchedTokens) =>
            search.gpuMemoryShare.flatMap((gpuMemoryShare) =>
              search.routings.flatMap((routing) =>
                // A router has nothing to choose from with one replica: one routing stands for all.
                replicas
                  .filter((count) => count > 1 || routing === search.routings[0])
                  .map((count) => ({
                    accelerator,
                    quantization,
                    tensorParallel,
                    maxSequences,
                    maxBatchedTokens,
                    gpuMemoryShare,
                    routing,
                    replicas: count,
                  })),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

export const candidateOf = (deployment: DeploymentPlan): Candidate => ({
  ...deployment,
  accelerator: idOf(deployment.accelerator),
});

/** The catalog's id of an alias; unknown names stay and are refused where they are looked up. */
const idOf = (name: string): string => findAccelerator(name)?.id ?? name;
