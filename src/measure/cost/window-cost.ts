import type { EngineConfig } from '../../config/schema.ts';
import type { RequestCost } from '../../records/request-record.ts';
import { acceleratorHourUsd } from './accelerator-hour.ts';

/**
 * Money of one engine, or of a service's share of it, over a window, US dollars. usageUsd is the
 * work of the requests (a lower bound where some of them are unpriced); allocatedUsd adds the idle
 * time that is paid for. `missing` names what keeps a figure unknown.
 */
export interface WindowCost {
  kind: RequestCost['kind'];
  usageUsd: number | null;
  allocatedUsd: number | null;
  missing: string[];
}

/** Sampling cuts the window at other moments than requests do; beyond this it is not rounding. */
const SAMPLING_SLACK = 1.05;

/**
 * Allocated cost of a fixed-cost engine = provisioned accelerator time x rate x share of the engine,
 * whoever used it or not (FinOps: allocation against usage, as in OpenCost's specification). A
 * public API has no idle time: allocated is usage.
 */
export function windowCost(
  engine: EngineConfig,
  facts: {
    /** Provisioned time over the window, all services together; null when not sampled. */
    acceleratorSeconds: number | null;
    /** This service's part of the engine, 0..1. */
    share: number;
    /** Requests of this service that got a reply from this engine. */
    replies: number;
    /** Sum of the known usage cost of its requests here; null when none is known. */
    usageUsd: number | null;
  },
): WindowCost {
  const at = `engines[${engine.name}]`;
  const { cost } = engine;
  if (cost === undefined) {
    return { kind: 'unknown', usageUsd: null, allocatedUsd: null, missing: [`${at}.cost`] };
  }
  // No reply, no work that anyone is billed for.
  const usageUsd = facts.usageUsd ?? (facts.replies === 0 ? 0 : null);
  if (cost.basis === 'api') {
    const missing = usageUsd === null ? [`a price for the models of ${at} (cost.provider)`] : [];
    return { kind: 'api', usageUsd, allocatedUsd: usageUsd, missing };
  }
  const rate = acceleratorHourUsd(cost);
  const missing = usageUsd === null ? [`accelerator time per request at ${at} (hardware)`] : [];
  if (facts.acceleratorSeconds === null || rate === null) {
    const what = engine.hardware === undefined ? `${at}.hardware.count` : `samples of ${at}`;
    return { kind: cost.basis, usageUsd, allocatedUsd: null, missing: [...missing, what] };
  }
  const paidUsd = (facts.acceleratorSeconds / 3600) * rate * facts.share;
  if (usageUsd !== null && usageUsd > paidUsd * SAMPLING_SLACK) {
    const what = `samples of ${at} for all of the time in which it worked`;
    return { kind: cost.basis, usageUsd, allocatedUsd: null, missing: [...missing, what] };
  }
  const allocatedUsd = Math.max(paidUsd, usageUsd ?? 0);
  return { kind: cost.basis, usageUsd, allocatedUsd, missing };
}
