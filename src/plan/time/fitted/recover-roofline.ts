import { fail, ok, type Result } from '../../../records/errors.ts';
import type { EngineSettings } from '../../engine/create-engine.ts';
import { runFleet } from '../../serving/run-fleet.ts';
import type { ReplicaHardware } from '../footprint.ts';
import { ROOFLINE_CONSTANTS, rooflineStepTime, type RooflineConstants } from '../roofline.ts';
import { noWork } from '../step-time.ts';
import { robustFit } from './robust-fit.ts';

/** One request as a ledger has it, of one engine. */
export interface ObservedRequest {
  arrivalS: number;
  promptTokens: number;
  outputTokens: number;
  ttftMs: number;
  /** Null for a reply of one token, or not streamed. */
  tpotMs: number | null;
}

interface HeldOutErrors {
  ttft: number;
  tpot: number;
  /** The error that nine of ten TPOTs do not exceed. */
  tpotMost: number;
}

export interface RecoveredRoofline {
  constants: RooflineConstants;
  /** What each request's TTFT has on top: gateway, HTTP, tokenizing. */
  requestOverheadMs: number;
  /** Median absolute error on the requests held out of the fit, in percent, before and after. */
  beforePct: HeldOutErrors;
  afterPct: HeldOutErrors;
  /** By how much step times may be off, as a share: nine of ten held-out TPOTs are within it. */
  errorShare: number;
  /** Requests fitted and held out. */
  fitted: number;
  heldOut: number;
}

/** What the records of one engine can tell apart (see figuresFrom); the rest keeps its figure. */
const RECOVERED = 3;
/** Where the search for the overhead of a request begins: gateway and HTTP on one machine. */
const REQUEST_OVERHEAD_MS = 2;
const MIN_REQUESTS = 40;
/** Simulated schedules change in jumps: slopes are taken over wide differences first, then narrow ones. */
const ROUNDS = [
  { difference: 0.1, outlierScale: 30 },
  { difference: 0.03, outlierScale: 3 },
  { difference: 0.01, outlierScale: 0.3 },
  { difference: 0.003, outlierScale: 0.3 },
];
/** Of the search at each difference: a handful settles it, and each simulates all requests several times. */
const MAX_STEPS = 8;
/** Hardly any: what the records say decides. */
const SHRINKAGE = 0.001;
/** TPOT is a mean over many steps; TTFT depends on where in a step a request happens to arrive. */
const WEIGHT = { ttft: 1, tpot: 30 };
/**
 * Of requests that had the engine for themselves, so that their steps are known: the engine's own times of them have no noise at
 * all; in times of a client TTFT has that of the gateway.
 */
const WEIGHT_ALONE = {
  client: { ttft: 1, tpot: 100 },
  engine: { ttft: 300, tpot: 1000 },
};
/** Share of held-out TPOT errors that the stated error of the figures covers. */
const COVERED = 0.9;
const LEAST_ERROR_SHARE = 0.01;
/** Every third request is held out. */
const HELD_OUT = 3;

/**
 * Recovers the figures of the roofline from requests that an engine served: the arrivals are simulated again
 * and again, and computeShare, bandwidthShare, stepOverheadMs and an overhead of each request moved until TTFT and TPOT of the fitted requests agree (all
 * arrivals are simulated; held-out ones are only not compared). Fails with TR_PLAN_INVALID below 40 requests.
 */
export function recoverRoofline(
  observed: readonly ObservedRequest[],
  replica: {
    hardware: ReplicaHardware;
    engine: EngineSettings;
    /** Times are the engine's own: nothing comes on top of them. */
    engineTimes?: boolean;
  },
): Result<RecoveredRoofline> {
  if (observed.length < MIN_REQUESTS) {
    return fail(
      'TR_PLAN_INVALID',
      `${observed.length} requests are too few to calibrate on: give at least ${MIN_REQUESTS}`,
      { field: 'records' },
    );
  }
  const first = rooflineStepTime(replica.hardware);
  if (!first.ok) return first;
  const requests = observed.toSorted((a, b) => a.arrivalS - b.arrivalS);
  const { engineTimes = false } = replica;
  const alone = aloneAmong(requests);
  const figures = requests.flatMap((request, index) => {
    const heldOut = index % HELD_OUT === 0;
    const isAlone = alone[index] === true;
    const weight = isAlone ? WEIGHT_ALONE[engineTimes ? 'engine' : 'client'] : WEIGHT;
    const ttft = {
      index,
      heldOut,
      kind: 'ttft' as const,
      ms: request.ttftMs,
      weight: weight.ttft,
    };
    return request.tpotMs === null
      ? [ttft]
      : [ttft, { index, heldOut, kind: 'tpot' as const, ms: request.tpotMs, weight: weight.tpot }];
  });
  const simulate = (constants: RooflineConstants, requestOverheadMs: number) => {
    const time = rooflineStepTime(replica.hardware, constants);
    if (!time.ok) throw time.error;
    const spec = { engine: replica.engine, time: time.value, power: null, accelerators: 1 };
    const { log } = runFleet({ replicas: [spec], requests });
    return (figure: (typeof figures)[number]): number => {
      const { index, kind } = figure;
      const firstS = log.firstTokenS[index] ?? Number.NaN;
      if (kind === 'ttft') {
        return requestOverheadMs + (firstS - (log.arrivedS[index] ?? Number.NaN)) * 1e3;
      }
      const tokens = (requests[index]?.outputTokens ?? 0) - 1;
      return (((log.lastTokenS[index] ?? Number.NaN) - firstS) * 1e3) / tokens;
    };
  };
  const compared = figures.filter((figure) => !figure.heldOut);
  const logs = Float64Array.from(compared, ({ ms, weight }) => weight * Math.log(ms));
  const predict = (q: readonly number[]) => {
    const predicted = simulate(constantsAt(q), overheadAt(q));
    return Float64Array.from(compared, (figure) => figure.weight * Math.log(predicted(figure)));
  };
  const constantsAt = figuresFrom(replica.hardware);
  const overheadAt = (q: readonly number[]): number =>
    engineTimes ? 0 : REQUEST_OVERHEAD_MS * Math.exp(q[RECOVERED] ?? 0);
  const size = RECOVERED + (engineTimes ? 0 : 1);
  let q: readonly number[] = Array.from({ length: size }, () => 0);
  for (const round of ROUNDS) {
    const base = q;
    const from = (move: readonly number[]) => base.map((value, i) => value + (move[i] ?? 0));
    q = from(
      robustFit((move) => predict(from(move)), logs, size, {
        ...round,
        shrinkage: SHRINKAGE,
        maxSteps: MAX_STEPS,
      }),
    );
  }
  const held = figures.filter((figure) => figure.heldOut);
  const errors = (constants: RooflineConstants, requestOverheadMs: number) => {
    const predicted = simulate(constants, requestOverheadMs);
    const of = (kind: 'ttft' | 'tpot', share: number): number =>
      quantileOf(
        held
          .filter((figure) => figure.kind === kind)
          .map((figure) => Math.abs(predicted(figure) / figure.ms - 1) * 100),
        share,
      );
    return { ttft: of('ttft', 0.5), tpot: of('tpot', 0.5), tpotMost: of('tpot', COVERED) };
  };
  const heldOut = Math.ceil(requests.length / HELD_OUT);
  const constants = constantsAt(q);
  const afterPct = errors(constants, overheadAt(q));
  return ok({
    constants,
    requestOverheadMs: overheadAt(q),
    beforePct: errors(ROOFLINE_CONSTANTS, 0),
    afterPct,
    errorShare: Math.max(LEAST_ERROR_SHARE, afterPct.tpotMost / 100),
    fitted: requests.length - heldOut,
    heldOut,
  });
}

/** Which requests had the engine for themselves from arrival to last token; `requests` by arrival. */
function aloneAmong(requests: readonly ObservedRequest[]): boolean[] {
  const endS = (one: ObservedRequest): number =>
    one.arrivalS + (one.ttftMs + (one.tpotMs ?? 0) * (one.outputTokens - 1)) / 1e3;
  let busyUntilS = Number.NEGATIVE_INFINITY;
  return requests.map((one, i) => {
    const nextS = requests[i + 1]?.arrivalS ?? Number.POSITIVE_INFINITY;
    const isAlone = busyUntilS < one.arrivalS && endS(one) < nextS;
    busyUntilS = Math.max(busyUntilS, endS(one));
    return isAlone;
  });
}

/**
 * Figures at a place of the search, as logarithms of factors: of the share of arithmetic, of the share of bandwidth, and of the
 * shortest step. The weights that a step reads and its overhead are nearly one sum, which the records give well; in
 * these coordinates only the bandwidth has to be told apart, by the KV that is read.
 */
function figuresFrom(hardware: ReplicaHardware): (q: readonly number[]) => RooflineConstants {
  const shortestMs = (constants: RooflineConstants): number => {
    const time = rooflineStepTime(hardware, constants);
    if (!time.ok) throw time.error;
    return time.value.stepTime(SHORTEST).totalMs;
  };
  const defaultMs = shortestMs(ROOFLINE_CONSTANTS);
  return (q) => {
    const shares = {
      ...ROOFLINE_CONSTANTS,
      computeShare: ROOFLINE_CONSTANTS.computeShare * Math.exp(q[0] ?? 0),
      bandwidthShare: ROOFLINE_CONSTANTS.bandwidthShare * Math.exp(q[1] ?? 0),
      stepOverheadMs: 0,
    };
    const stepMs = defaultMs * Math.exp(q[2] ?? 0);
    return { ...shares, stepOverheadMs: Math.max(0, stepMs - shortestMs(shares)) };
  };
}

/** A step of one sequence with hardly any context. */
const SHORTEST = { ...noWork(), decodeTokens: 1, sampledTokens: 1 };

function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}
