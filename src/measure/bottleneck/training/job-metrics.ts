import type { DeviceFacts } from '../device-facts.ts';
import {
  acceleratorUtilization,
  goodput,
  hardwareFlopsUtilization,
  modelFlopsUtilization,
  rooflinePosition,
} from '../metrics.ts';
import type { WorkMetrics } from '../why-report.ts';
import type { JobWork } from './job-account.ts';
import { computeMsOf } from './throttled-share.ts';

/** The published ratios of a job; see metrics.ts. `usefulSeconds` is FLOPs of kept work over peak. */
export function jobMetrics(
  work: JobWork,
  devices: DeviceFacts | null,
  usefulSeconds: number | null,
  paidSeconds: number,
): WorkMetrics {
  const { kept, perRank, job } = work;
  const sum = (of: (one: (typeof kept)[number]) => number): number =>
    (kept.reduce((total, one) => total + of(one), 0) * perRank) / 1000;
  const keptSeconds = sum((one) => one.endMs - one.startMs);
  const mfu = modelFlopsUtilization(usefulSeconds, paidSeconds);
  return {
    smActiveShare: devices?.smActive ?? null,
    tensorActiveShare: devices?.tensorActive ?? null,
    dramActiveShare: devices?.dramActive ?? null,
    modelFlopsUtilization: mfu,
    hardwareFlopsUtilization: hardwareFlopsUtilization(mfu, job.recompute ?? null),
    goodput: goodput({
      // Accelerators of a configured job are its own: how long it waited for them is the scheduler's to say.
      scheduling: null,
      runtime: keptSeconds / paidSeconds,
      program: modelFlopsUtilization(usefulSeconds, keptSeconds),
    }),
    acceleratorUtilization: acceleratorUtilization(
      sum(computeMsOf),
      sum((one) => one.phaseMs.data),
    ),
    rooflinePosition: rooflinePosition(devices?.tensorActive ?? null, devices?.dramActive ?? null),
  };
}
