import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { copySummary, type CopySummary } from './copies.ts';
import { criticalPaths, type CriticalPath } from './critical-path.ts';
import { dataLoadingFix, type DataLoadingFix } from './data-loading-fix.ts';
import { deviceWork, type DeviceWork } from './device-work.ts';
import { exactRank, type ExactRank } from './exact-view.ts';
import { hostWork } from './host-work.ts';
import { kernelSummary, type KernelSummary } from './kernel-summary.ts';
import { launchSummary, type LaunchSummary } from './launches.ts';
import { losses, type Loss } from './losses.ts';
import { mean, median } from './median.ts';
import { phaseTimes, type PhaseTimes } from './phases.ts';
import { roofline, type Roofline } from './roofline.ts';
import { stepLanes, type StepLanes } from './step-lanes.ts';
import { tbPluginView, type TbPluginView } from './tb-plugin-view.ts';
import { traceLensView, type TraceLensView } from './trace-lens-view.ts';

/** Everything that one rank's trace says by itself. */
export interface RankAnalysis {
  rank: number;
  trace: KinetoTrace;
  work: DeviceWork;
  steps: StepLanes[];
  medianStepMs: number | null;
  meanStepMs: number | null;
  losses: Loss[];
  /** Set when data loading is the largest loss. */
  dataLoadingFix: DataLoadingFix | null;
  kernels: KernelSummary;
  copies: CopySummary[];
  launches: LaunchSummary;
  phases: PhaseTimes;
  roofline: Roofline;
  criticalPaths: CriticalPath[];
  exact: ExactRank;
  tbPlugin: TbPluginView;
  traceLens: TraceLensView;
}

export function analyzeRank(rank: number, trace: KinetoTrace): RankAnalysis {
  const work = deviceWork(trace);
  const host = hostWork(trace);
  const steps = stepLanes(trace, work, host);
  const found = losses(steps);
  const totalsMs = steps.map(({ totalUs }) => totalUs / 1000);
  return {
    rank,
    trace,
    work,
    steps,
    medianStepMs: median(totalsMs),
    meanStepMs: mean(totalsMs),
    losses: found,
    dataLoadingFix: found[0]?.cause === 'data-loading' ? dataLoadingFix(steps) : null,
    kernels: kernelSummary(trace, work),
    copies: copySummary(trace, work),
    launches: launchSummary(trace, work),
    phases: phaseTimes(trace, work, steps),
    roofline: roofline(trace, work),
    criticalPaths: criticalPaths(trace, work, host, steps),
    exact: exactRank(rank, trace, work, host),
    tbPlugin: tbPluginView(trace),
    traceLens: traceLensView(trace),
  };
}
