/**
 * A training job that trains nothing: step records as deploy/tailrace_steps.py writes them and device counters as
 * dcgm-exporter shows them, in simulated time, with faults on demand. For drills and for tests of the account of
 * accelerator time, since it knows what each fault cost. Same seed, same bytes.
 */
import type { Accelerator } from '../../../catalog/accelerators.ts';
import type { StepRecord } from '../../../records/step-log/step-record.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { createDeviceMeter } from '../../live/devices/device-meter.ts';
import { createDevicePage } from '../../live/devices/device-page.ts';
import { cappedStep, type CappedStep } from '../../live/devices/power-cap.ts';
import type { PowerModel } from '../../time/power.ts';
import type { StepTime } from '../../time/step-time.ts';

/** What a step of a rank takes when nothing is wrong; milliseconds, by mean. */
export interface SyntheticJobShape {
  job: string;
  /** One accelerator each, all on one node of this name. */
  ranks: number;
  host: string;
  accelerator: Accelerator;
  power: PowerModel;
  arithmeticMs: number;
  memoryMs: number;
  exchangeMs: number;
  loaderMs: number;
  tokensPerRank: number;
  /** Share of peak that its arithmetic reaches, and of bandwidth. */
  tensorShare: number;
  dramShare: number;
  /** Coefficient of variation of the computing of a rank and step. */
  variation: number;
  seed: number;
}

/** What is wrong now. */
export interface JobFaults {
  /** Batches that the loaders prepare, of those that the accelerators could take; 1 keeps up. */
  loaderShareOfDemand: number;
  /** How many times as long an exchange takes: the ring runs at the pace of its slowest link. */
  exchangeFactor: number;
  /** One rank that computes this many times as long. */
  slowRank: { rank: number; factor: number } | null;
  powerCapW: number | null;
}

export const NO_FAULTS: JobFaults = Object.freeze({
  loaderShareOfDemand: 1,
  exchangeFactor: 1,
  slowRank: null,
  powerCapW: null,
});

/** One synchronous step of all ranks. `lostS`: what it took longer than without faults. */
export interface SyntheticStep {
  startS: number;
  endS: number;
  lostS: number;
  records: StepRecord[];
}

export interface SyntheticJob {
  setFaults(faults: JobFaults): void;
  /** Runs the next step. `originS`: Unix seconds at which its time began. */
  step(originS: number): SyntheticStep;
  /** Pages of its devices up to the end of the last step. */
  devices(): string;
}

/** Forward, backward and optimizer take these shares of computing. */
const PHASES = { forward: 0.3, backward: 0.6, optimizer: 0.1 };

export function createSyntheticJob(shape: SyntheticJobShape): SyntheticJob {
  const random = createRandom(shape.seed);
  const shares = { tensor: shape.tensorShare, dram: shape.dramShare };
  const ranks = Array.from({ length: shape.ranks }, () => ({
    meter: createDeviceMeter(shares),
    energyJ: 0,
  }));
  const page = createDevicePage(1);
  let faults = NO_FAULTS;
  let clockS = 0;
  let step = 0;
  return {
    setFaults(next) {
      faults = next;
    },
    step(originS) {
      const draws = drawStep(shape, random);
      const ideal = playStep(shape, draws, NO_FAULTS);
      const played = playStep(shape, draws, faults, ideal.stepMs);
      const startS = clockS;
      clockS += played.stepMs / 1000;
      for (const [i, rank] of ranks.entries()) {
        const one = played.ranks[i];
        if (one === undefined) continue;
        rank.meter.addStep(one.computing.time, one.computing.clockShare);
        rank.meter.addStep(exchangeOnly(played.exchangeMs), 1);
        const computingS = one.computing.time.totalMs / 1000;
        rank.energyJ += one.computing.powerW * computingS;
        rank.energyJ += shape.power.idleW * (played.stepMs / 1000 - computingS);
      }
      const ts = originS + clockS;
      const records = played.ranks.map((one, rank) =>
        recordOf(shape, { rank, step, ts, stepMs: played.stepMs }, one),
      );
      step += 1;
      return { startS, endS: clockS, lostS: (played.stepMs - ideal.stepMs) / 1000, records };
    },
    devices: () =>
      page.text(
        ranks.map(({ meter, energyJ }, index) => ({
          index,
          host: shape.host,
          model: shape.accelerator.name,
          totals: meter.totals(clockS, energyJ),
          powerLimitW: faults.powerCapW ?? shape.accelerator.tdpW ?? 0,
        })),
      ),
  };
}

/** How this step differs from the mean, faults or not. */
interface Draws {
  ranks: number[];
  exchange: number;
}

const drawStep = (shape: SyntheticJobShape, random: Random): Draws => ({
  ranks: Array.from({ length: shape.ranks }, () => random.lognormal(1, shape.variation)),
  exchange: random.lognormal(1, shape.variation),
});

interface RankPlay {
  computing: CappedStep;
  dataMs: number;
  commMs: number;
}

interface Play {
  stepMs: number;
  exchangeMs: number;
  ranks: RankPlay[];
}

/**
 * Data, computing, exchange; the exchange begins when the last rank is ready. Loaders that give a share of what would be
 * taken stretch the step to 1 / share.
 */
function playStep(
  shape: SyntheticJobShape,
  draws: Draws,
  faults: JobFaults,
  idealStepMs: number | null = null,
): Play {
  const exchangeMs = shape.exchangeMs * faults.exchangeFactor * draws.exchange;
  const computing = draws.ranks.map((factor, rank) => {
    const slower = faults.slowRank?.rank === rank ? faults.slowRank.factor : 1;
    return cappedStep(computeOnly(shape, factor * slower), shape.power, faults.powerCapW);
  });
  const slowestMs = Math.max(...computing.map((one) => one.time.totalMs));
  const pacedMs = idealStepMs === null ? 0 : idealStepMs / faults.loaderShareOfDemand;
  const dataMs = Math.max(shape.loaderMs, pacedMs - slowestMs - exchangeMs);
  return {
    stepMs: dataMs + slowestMs + exchangeMs,
    exchangeMs,
    ranks: computing.map((one) => ({
      computing: one,
      dataMs,
      commMs: slowestMs - one.time.totalMs + exchangeMs,
    })),
  };
}

function computeOnly(shape: SyntheticJobShape, factor: number): StepTime {
  const computeMs = shape.arithmeticMs * factor;
  const memoryMs = shape.memoryMs * factor;
  return { totalMs: computeMs + memoryMs, computeMs, memoryMs, collectiveMs: 0, overheadMs: 0 };
}

const exchangeOnly = (collectiveMs: number): StepTime => ({
  totalMs: collectiveMs,
  computeMs: 0,
  memoryMs: 0,
  collectiveMs,
  overheadMs: 0,
});

function recordOf(
  { job, tokensPerRank }: SyntheticJobShape,
  at: { rank: number; step: number; ts: number; stepMs: number },
  { computing, dataMs, commMs }: RankPlay,
): StepRecord {
  const computingMs = computing.time.totalMs;
  return {
    ts: at.ts,
    rank: at.rank,
    step: at.step,
    stepMs: at.stepMs,
    phaseMs: {
      data: dataMs,
      forward: computingMs * PHASES.forward,
      backward: computingMs * PHASES.backward,
      optimizer: computingMs * PHASES.optimizer,
      comm: commMs,
    },
    tokens: tokensPerRank,
    job,
  };
}
