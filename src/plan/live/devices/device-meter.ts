import { ROOFLINE_CONSTANTS } from '../../time/roofline.ts';
import type { StepTime } from '../../time/step-time.ts';

/** Integrals over time of one simulated accelerator, seconds (energy: joules); differences are exact means. */
export interface DeviceTotals {
  clockS: number;
  /** A kernel ran. */
  activeS: number;
  /** Multiprocessors had warps. */
  smS: number;
  tensorS: number;
  dramS: number;
  throttledS: number;
  /** Clock over the full clock. */
  clockShareS: number;
  energyJ: number;
}

export interface DeviceMeter {
  /** A step of this kind ran for all of its time. */
  addStep(time: StepTime, clockShare: number): void;
  /** Totals at `clockS`, with the energy that was metered elsewhere. */
  totals(clockS: number, energyJ: number): DeviceTotals;
}

/** Kernels that exchange data keep few multiprocessors busy; general knowledge of NCCL's channel counts. */
const EXCHANGE_SM_SHARE = 0.2;

/**
 * What DCGM's profiling fields would show, by the parts of a step: arithmetic keeps tensor pipes busy at the share of peak that the
 * step times assume, reading memory its interface; both fill the multiprocessors. Host work shows nothing.
 */
export function createDeviceMeter(
  shares: { tensor: number; dram: number } = {
    tensor: ROOFLINE_CONSTANTS.computeShare,
    dram: ROOFLINE_CONSTANTS.bandwidthShare,
  },
): DeviceMeter {
  const sums = { activeS: 0, smS: 0, tensorS: 0, dramS: 0, throttledS: 0, slowS: 0 };
  return {
    addStep({ computeMs, memoryMs, collectiveMs, totalMs }, clockShare) {
      const busyMs = computeMs + memoryMs;
      sums.activeS += (busyMs + collectiveMs) / 1000;
      sums.smS += (busyMs + EXCHANGE_SM_SHARE * collectiveMs) / 1000;
      // A slower clock does the same arithmetic in more time: the pipes are as busy as before.
      sums.tensorS += (shares.tensor * computeMs) / 1000;
      sums.dramS += (shares.dram * memoryMs) / 1000;
      if (clockShare >= 1) return;
      sums.throttledS += totalMs / 1000;
      sums.slowS += ((1 - clockShare) * totalMs) / 1000;
    },
    totals(clockS, energyJ) {
      const { slowS, ...rest } = sums;
      return { ...rest, clockS, clockShareS: clockS - slowS, energyJ };
    },
  };
}
