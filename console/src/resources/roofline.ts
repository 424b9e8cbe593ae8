/**
 * Where a device stands on its own roofline (S. Williams, A. Waterman, D. Patterson, CACM 52(4), 2009), relative to its
 * peaks: with `tensor` the share of cycles in which the matrix pipe worked and `dram` that of device memory,
 * performance over peak is `tensor`, and arithmetic intensity over the ridge point is `tensor / dram`. So devices of
 * any model share one plot: left of 1 the roof is memory bandwidth, right of it FLOPs.
 */
export interface RooflinePlace {
  intensity: number;
  performance: number;
  bound: 'memory' | 'compute' | 'neither';
}

/** Below both, the device waits: for the host, the network, or for want of work. */
const NEAR_ROOF = 0.6;

/** Null where a share is unknown, or 0, which a logarithmic plot cannot hold. */
export function rooflinePlace(tensor: number | null, dram: number | null): RooflinePlace | null {
  if (tensor === null || dram === null || tensor <= 0 || dram <= 0) return null;
  const bound =
    dram >= NEAR_ROOF && dram >= tensor ? 'memory' : tensor >= NEAR_ROOF ? 'compute' : 'neither';
  return { intensity: tensor / dram, performance: tensor, bound };
}

/** The roof itself over a range of intensities. */
export const roofAt = (intensity: number): number => Math.min(1, intensity);
