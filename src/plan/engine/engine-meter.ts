import type { SchedulerCounts } from './scheduler.ts';

/** Totals since the start, in simulated seconds and joules; differences give exact interval means. */
export interface MeterReading {
  clockS: number;
  /** Time in which a step ran. */
  busyS: number;
  /** Energy of all accelerators, idle time included. */
  energyJ: number;
  idleEnergyJ: number;
  /** Integrals over time of requests in the batch, requests waiting, and the share of KV blocks in use. */
  runningS: number;
  waitingS: number;
  kvS: number;
  /** Draw of all accelerators now. */
  powerW: number;
}

export interface EngineMeter {
  /** Accounts for the time up to `nowS` at the counts and the power that held until now. */
  advance(nowS: number, counts: SchedulerCounts): void;
  /** A step starts at the time last advanced to; all accelerators together draw `powerW`. */
  startStep(powerW: number): void;
  endStep(): void;
  reading(): MeterReading;
}

export function createEngineMeter(idleW: number): EngineMeter {
  const total = {
    clockS: 0,
    busyS: 0,
    energyJ: 0,
    idleEnergyJ: 0,
    runningS: 0,
    waitingS: 0,
    kvS: 0,
  };
  let stepW: number | null = null;
  return {
    advance(nowS, counts) {
      const seconds = nowS - total.clockS;
      if (seconds <= 0) return;
      total.clockS = nowS;
      total.runningS += seconds * counts.running;
      total.waitingS += seconds * counts.waiting;
      total.kvS += (seconds * counts.kvBlocksUsed) / counts.kvBlocksTotal;
      total.energyJ += seconds * (stepW ?? idleW);
      if (stepW === null) total.idleEnergyJ += seconds * idleW;
      else total.busyS += seconds;
    },
    startStep(powerW) {
      stepW = powerW;
    },
    endStep() {
      stepW = null;
    },
    reading: () => ({ ...total, powerW: stepW ?? idleW }),
  };
}
