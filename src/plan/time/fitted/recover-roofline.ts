import { fail, ok, type Result } from '../../../records/errors.ts';
import type { EngineSettings } from '../../engine/create-engine.ts';
import { runFleet } from '../../serving/run-fleet.ts';
import type { ReplicaHardware } from '../footprint.ts';
import { ROOFLINE_CONSTANTS, rooflineStepTime, type RooflineConstants } from '../roofline.ts';
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

export interface RecoveredRoofline {
  constants: RooflineConstants;
  /** What each request's TTFT has on top: gateway, HTTP, tokenizing. */
  requestOverheadMs: number;
  /** Median absolute error on the requests held out of the fit, in percent, before and after. */
  beforePct: { ttft: number; tpot: number };
  afterPct: { ttft: number; tpot: number };
  /** Requests fitted and held out. */
  fitted: number;
  heldOut: number;
}

/** What the records of one engine can tell apart; the rest keeps its figure. */
const RECOVERED = ['computeShare', 'bandwidthShare', 'stepOverheadMs'] as const;
/** Where the search for the overhead of a request begins: gateway and HTTP on one machine. */
const REQUEST_OVERHEAD_MS = 2;
const MIN_REQUESTS = 40;
/** Simulated schedules change in jumps: slopes are taken over wide differences first, then narrow ones. */
const DIFFERENCES = [0.1, 0.05, 0.02, 0.01];
/** Hardly any: what the records say decides. */
const SHRINKAGE = 0.001;
/** TPOT is a mean over many steps; TTFT depends on where in a step a request happens to arrive. */
const WEIGHT = { ttft: 1, tpot: 30 };
/** Every third request is held out. */
const HELD_OUT = 3;

/**
 * Recovers the figures of the roofline from requests that an engine served: the arrivals are simulated again
 * and again, and computeShare, bandwidthShare, stepOverheadMs and an overhead of each request moved until TTFT and TPOT of the fitted requests agree (all
 * arrivals are simulated; held-out ones are only not compared). Fails with TR_PLAN_INVALID below 40 requests.
 */
export function recoverRoofline(
  observed: readonly ObservedRequest[],
  replica: { hardware: ReplicaHardware; engine: EngineSettings },
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
  const figures = requests.flatMap((request, index) => {
    const heldOut = index % HELD_OUT === 0;
    const ttft = { index, heldOut, kind: 'ttft' as const, ms: request.ttftMs };
    return request.tpotMs === null
      ? [ttft]
      : [ttft, { index, heldOut, kind: 'tpot' as const, ms: request.tpotMs }];
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
  const logs = Float64Array.from(compared, ({ ms, kind }) => WEIGHT[kind] * Math.log(ms));
  const predict = (q: readonly number[]) => {
    const predicted = simulate(constantsAt(q), overheadAt(q));
    return Float64Array.from(
      compared,
      (figure) => WEIGHT[figure.kind] * Math.log(predicted(figure)),
    );
  };
  const size = RECOVERED.length + 1;
  let q: readonly number[] = Array.from({ length: size }, () => 0);
  for (const difference of DIFFERENCES) {
    const base = q;
    const from = (move: readonly number[]) => base.map((value, i) => value + (move[i] ?? 0));
    q = from(
      robustFit((move) => predict(from(move)), logs, size, { difference, shrinkage: SHRINKAGE }),
    );
  }
  const held = figures.filter((figure) => figure.heldOut);
  const errors = (constants: RooflineConstants, requestOverheadMs: number) => {
    const predicted = simulate(constants, requestOverheadMs);
    const of = (kind: 'ttft' | 'tpot'): number =>
      medianOf(
        held
          .filter((figure) => figure.kind === kind)
          .map((figure) => Math.abs(predicted(figure) / figure.ms - 1) * 100),
      );
    return { ttft: of('ttft'), tpot: of('tpot') };
  };
  const heldOut = Math.ceil(requests.length / HELD_OUT);
  const constants = constantsAt(q);
  return ok({
    constants,
    requestOverheadMs: overheadAt(q),
    beforePct: errors(ROOFLINE_CONSTANTS, 0),
    afterPct: errors(constants, overheadAt(q)),
    fitted: requests.length - heldOut,
    heldOut,
  });
}

const constantsAt = (q: readonly number[]): RooflineConstants => ({
  ...ROOFLINE_CONSTANTS,
  ...Object.fromEntries(
    RECOVERED.map((name, i) => [name, ROOFLINE_CONSTANTS[name] * Math.exp(q[i] ?? 0)]),
  ),
});

const overheadAt = (q: readonly number[]): number =>
  REQUEST_OVERHEAD_MS * Math.exp(q[RECOVERED.length] ?? 0);

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
