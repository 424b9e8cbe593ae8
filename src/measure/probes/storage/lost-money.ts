import type { FeedPoint } from './feed-curve.ts';

/** Money that accelerators cost while they wait for this storage. Rates are US dollars. */
export interface LostMoney {
  accelerators: number;
  /** Share of the accelerators' time, over the wall (the first step included): 1 - wall AU. */
  lostShare: number;
  usdPerAcceleratorHour: number;
  usdPerHour: number;
  usdPerDay: number;
  /** `measured`: this count was emulated. `modelled`: the storage's rate over a larger demand. */
  basis: 'measured' | 'modelled';
}

/** What waiting costs at a measured point. The bill counts wall AU, not the published AU. */
export function lostAt(point: FeedPoint, usdPerAcceleratorHour: number): LostMoney {
  return lost(point.accelerators, 1 - point.wallAu, usdPerAcceleratorHour, 'measured');
}

/**
 * What attaching `accelerators` would lose, when the storage gives no more than the `mbPerS` it gave
 * saturated, and one accelerator eats `demandMbPerS`.
 */
export function lostBeyond(
  accelerators: number,
  storage: { mbPerS: number; demandMbPerS: number },
  usdPerAcceleratorHour: number,
): LostMoney {
  const fedShare = Math.min(1, storage.mbPerS / (accelerators * storage.demandMbPerS));
  return lost(accelerators, 1 - fedShare, usdPerAcceleratorHour, 'modelled');
}

function lost(
  accelerators: number,
  share: number,
  usdPerAcceleratorHour: number,
  basis: LostMoney['basis'],
): LostMoney {
  const lostShare = Math.min(1, Math.max(0, share));
  const usdPerHour = accelerators * usdPerAcceleratorHour * lostShare;
  return {
    accelerators,
    lostShare,
    usdPerAcceleratorHour,
    usdPerHour,
    usdPerDay: usdPerHour * 24,
    basis,
  };
}
