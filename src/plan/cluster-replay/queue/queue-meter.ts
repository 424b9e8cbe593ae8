/** What the cluster looks like between two events. */
export interface ClusterMoment {
  totalMilli: number;
  usedMilli: number;
  /** Cards that part of a gang holds while it waits for the rest. */
  heldMilli: number;
  /** Granted beyond the request, by whole cards or slices. */
  overMilli: number;
  fragmentedMilli: number;
  waitingMilli: number;
}

/** Card time by what became of it, in card-hours; the six sum to `gpuHours`. */
export interface GpuTime {
  gpuHours: number;
  /** Granted to somebody, used well or not: not part of the sum. */
  allocatedGpuHours: number;
  /** Granted, started and asked for. */
  busyGpuHours: number;
  /** Held by part of a gang. */
  heldGpuHours: number;
  /** Granted beyond the request while it was wanted. */
  overGrantedGpuHours: number;
  /** Free, or granted beyond the request, while nobody wanted it. */
  noDemandGpuHours: number;
  /** Free and of no use to the workload while it was wanted. */
  fragmentedGpuHours: number;
  /** Free, of use and wanted: what the order of the line left idle. */
  policyGpuHours: number;
}

export interface QueueMeter {
  /** Counts the time up to `nowS` as having been like `moment`. */
  advance(nowS: number, moment: ClusterMoment): void;
  time(): GpuTime & { fragmentedPct: number };
}

const MILLI_SECONDS_PER_GPU_HOUR = 1000 * 3600;

/** Sums up to `endS`; what comes later is not counted. */
export function createQueueMeter(endS: number): QueueMeter {
  let atS = 0;
  const sums = {
    total: 0,
    allocated: 0,
    busy: 0,
    held: 0,
    noDemand: 0,
    fragmented: 0,
    over: 0,
    policy: 0,
    fragments: 0,
  };
  return {
    advance: (nowS, moment) => {
      const lengthS = Math.min(nowS, endS) - atS;
      if (lengthS <= 0) return;
      atS += lengthS;
      const free = moment.totalMilli - moment.usedMilli;
      const wanted = Math.min(free, moment.waitingMilli);
      const over = Math.min(moment.overMilli, moment.waitingMilli - wanted);
      const fragmented = Math.min(wanted, moment.fragmentedMilli);
      sums.total += lengthS * moment.totalMilli;
      sums.allocated += lengthS * moment.usedMilli;
      sums.busy += lengthS * (moment.usedMilli - moment.heldMilli - moment.overMilli);
      sums.held += lengthS * moment.heldMilli;
      sums.noDemand += lengthS * (free - wanted + moment.overMilli - over);
      sums.over += lengthS * over;
      sums.fragmented += lengthS * fragmented;
      sums.policy += lengthS * (wanted - fragmented);
      sums.fragments += lengthS * moment.fragmentedMilli;
    },
    time: () => ({
      gpuHours: sums.total / MILLI_SECONDS_PER_GPU_HOUR,
      allocatedGpuHours: sums.allocated / MILLI_SECONDS_PER_GPU_HOUR,
      busyGpuHours: sums.busy / MILLI_SECONDS_PER_GPU_HOUR,
      heldGpuHours: sums.held / MILLI_SECONDS_PER_GPU_HOUR,
      overGrantedGpuHours: sums.over / MILLI_SECONDS_PER_GPU_HOUR,
      noDemandGpuHours: sums.noDemand / MILLI_SECONDS_PER_GPU_HOUR,
      fragmentedGpuHours: sums.fragmented / MILLI_SECONDS_PER_GPU_HOUR,
      policyGpuHours: sums.policy / MILLI_SECONDS_PER_GPU_HOUR,
      fragmentedPct: sums.total === 0 ? 0 : (100 * sums.fragments) / sums.total,
    }),
  };
}
