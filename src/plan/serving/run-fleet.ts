import { createAutoscaler } from '../cluster/autoscaler.ts';
import { createEventHeap } from '../core/event-heap.ts';
import { createRandom, mixSeeds } from '../core/random.ts';
import { createMembers } from './members.ts';
import { createFleetReplica } from './pipelined-replica.ts';
import type { Replica } from './replica.ts';
import { createRequestLog, REQUEST, type RequestLog } from './request-log.ts';
import { createRouter } from './route-request.ts';
import type { ServingRequest } from './serving-request.ts';
import type { ServingOptions } from './simulate-serving.ts';

/** What happened, before it is summed up. */
export interface FleetRun {
  log: RequestLog;
  replicas: readonly Replica[];
  /** Seconds for which each replica was paid: starting, running, down. */
  paidS: readonly number[];
  /** Seconds of these in which it could not take requests. */
  blockedS: readonly number[];
  failures: number;
  /** False when the bound on events ended the run. */
  complete: boolean;
}

const MAX_EVENTS = 50_000_000;
const FAILURE_SALT = 0xfa11;

type FleetEvent =
  | { type: 'fail' | 'ready'; replica: number }
  | { type: 'scale' }
  /** Keys and values have arrived at the decoding side. */
  | { type: 'decode'; index: number };

/**
 * Runs the events of a fleet in order of time: arrivals, ends of steps, transfers, failures and decisions of the
 * autoscaler. Replicas act on one another only through these, so between two of them each runs on.
 */
export function runFleet(options: ServingOptions): FleetRun {
  const { requests, fastPath = true, maxEvents = MAX_EVENTS, seed = 1 } = options;
  const { failures = null, disaggregation = null } = options;
  const log = createRequestLog(requests.length);
  const replicas = options.replicas.map((spec) => createFleetReplica(spec, log, { fastPath }));
  const members = createMembers(replicas.length, options.autoscaler ?? null);
  const events = createEventHeap<FleetEvent>();
  const random = createRandom(mixSeeds(seed, FAILURE_SALT));
  const route = createRouter(options, replicas, members);
  const autoscaler = options.autoscaler ? createAutoscaler(options.autoscaler) : null;
  const held: Array<{ index: number; request: ServingRequest }> = [];
  const firstHalf = disaggregation?.prefillReplicas ?? replicas.length;
  let next = 0;
  let failed = 0;
  let open = 0;

  const request = (index: number): ServingRequest => requests[index] ?? NO_REQUEST;
  const outstanding = (): number => open;

  const planFailure = (replica: number, nowS: number): void => {
    if (failures === null) return;
    events.push(nowS + random.exponential(failures.mtbfS), { type: 'fail', replica });
  };

  /** Hands a request to a replica of its half of the fleet; holds it while none can take it. */
  const place = (index: number, one: ServingRequest, nowS: number): void => {
    const isDecode = one.receivedTokens !== undefined;
    const replica = route(one, isDecode ? firstHalf : 0, isDecode ? replicas.length : firstHalf);
    if (replica === null) held.push({ index, request: one });
    else {
      replica.submit(index, one, nowS);
      settle(replica, nowS);
    }
  };

  /** Follows what a replica has finished: on to the decoding side, or out. */
  const settle = (replica: Replica, nowS: number): void => {
    const finished = replica.takeFinished();
    for (const index of finished) {
      const isHalf = disaggregation !== null && replicas.indexOf(replica) < firstHalf;
      if (isHalf && log.state[index] === REQUEST.finished && request(index).outputTokens > 1) {
        log.state[index] = REQUEST.open;
        const seconds = transferS(disaggregation, request(index));
        const network = log.causesMs[NETWORK];
        if (network !== undefined) network[index] = (network[index] ?? 0) + seconds * 1000;
        events.push(nowS + seconds, { type: 'decode', index });
      } else open -= 1;
    }
  };

  const arrive = (index: number, nowS: number): void => {
    const one = request(index);
    log.arrivedS[index] = nowS;
    log.outputTokens[index] = one.outputTokens;
    if (open >= (options.maxOutstanding ?? Number.POSITIVE_INFINITY)) {
      log.state[index] = REQUEST.refused;
      return;
    }
    open += 1;
    // The prefilling side generates the first token and no more.
    const outputTokens = Math.min(1, one.outputTokens);
    place(index, disaggregation === null ? one : { ...one, outputTokens }, nowS);
  };

  const placeHeld = (nowS: number): void => {
    for (const { index, request: one } of held.splice(0)) {
      const waited = log.causesMs[0];
      const sinceS = log.submittedS[index] ?? Number.NaN;
      const fromS = Number.isNaN(sinceS) ? (log.arrivedS[index] ?? nowS) : sinceS;
      if (waited !== undefined) waited[index] = (waited[index] ?? 0) + (nowS - fromS) * 1000;
      place(index, one, nowS);
    }
  };

  const fail = (at: number, nowS: number): void => {
    const replica = replicas[at];
    if (replica === undefined || failures === null) return;
    if (!members.isReady(at)) return planFailure(at, nowS);
    // A step under way ends first: its time is spent, its tokens are lost.
    if (Number.isFinite(replica.endS) && replica.endS > nowS) {
      events.push(replica.endS, { type: 'fail', replica: at });
      return;
    }
    failed += 1;
    members.block(at, nowS);
    events.push(nowS + failures.recoveryS, { type: 'ready', replica: at });
    planFailure(at, nowS + failures.recoveryS);
    for (const index of replica.fail(nowS)) {
      log.firstTokenS[index] = Number.NaN;
      log.submittedS[index] = nowS;
      const { outputTokens, ...rest } = request(index);
      const first = disaggregation === null ? outputTokens : Math.min(1, outputTokens);
      place(index, { ...rest, outputTokens: first }, nowS);
    }
  };

  const scale = (nowS: number): void => {
    const { autoscaler: settings } = options;
    if (autoscaler === null || !settings) return;
    const wanted = autoscaler.decide(nowS, outstanding(), members.paidCount());
    for (const at of members.resize(wanted, nowS, (one) => replicas[one]?.outstanding() ?? 0)) {
      events.push(nowS + settings.startupS, { type: 'ready', replica: at });
    }
    if (next < requests.length || open > 0)
      events.push(nowS + settings.intervalS, { type: 'scale' });
  };

  const handle = (event: FleetEvent, nowS: number): void => {
    if (event.type === 'fail') fail(event.replica, nowS);
    else if (event.type === 'scale') scale(nowS);
    else if (event.type === 'decode') {
      const { promptTokens, ...rest } = request(event.index);
      log.submittedS[event.index] = nowS;
      place(
        event.index,
        { ...rest, promptTokens, generatedTokens: 1, receivedTokens: promptTokens },
        nowS,
      );
    } else if (members.unblock(event.replica, nowS)) placeHeld(nowS);
  };

  const startS = requests[0]?.arrivalS ?? 0;
  members.start(startS);
  for (let at = 0; at < replicas.length; at += 1) planFailure(at, startS);
  if (autoscaler !== null) events.push(startS, { type: 'scale' });
  let nowS = startS;
  const finish = (complete: boolean): FleetRun => ({
    log,
    replicas,
    ...members.totals(nowS),
    failures: failed,
    complete,
  });
  for (let count = 0; count < maxEvents; count += 1) {
    const arrivalS = requests[next]?.arrivalS ?? Number.POSITIVE_INFINITY;
    const soonest = earliest(replicas);
    const stepS = soonest?.endS ?? Number.POSITIVE_INFINITY;
    const eventS = events.nextS();
    if (arrivalS === Number.POSITIVE_INFINITY && open === 0) return finish(true);
    if (eventS <= arrivalS && eventS <= stepS) {
      const due = events.pop();
      if (due === null) return finish(open === 0);
      nowS = due.timeS;
      handle(due.event, nowS);
    } else if (arrivalS <= stepS) {
      nowS = arrivalS;
      arrive(next, nowS);
      next += 1;
    } else if (soonest !== undefined) {
      nowS = stepS;
      const othersS =
        disaggregation === null ? Number.POSITIVE_INFINITY : secondS(replicas, soonest);
      soonest.advance(Math.min(arrivalS, eventS, othersS));
      settle(soonest, nowS);
    }
  }
  return finish(false);
}

const NETWORK = 5;
const NO_REQUEST: ServingRequest = { arrivalS: 0, promptTokens: 1, outputTokens: 0 };

const transferS = (
  { kvBytesPerToken, bytesPerS, latencyS }: NonNullable<ServingOptions['disaggregation']>,
  { promptTokens }: ServingRequest,
): number => latencyS + (promptTokens * kvBytesPerToken) / bytesPerS;

/** The replica whose step ends first; undefined when none runs. */
function earliest(replicas: readonly Replica[]): Replica | undefined {
  let first: Replica | undefined;
  let firstS = Number.POSITIVE_INFINITY;
  for (const replica of replicas) {
    const { endS } = replica;
    if (endS >= firstS) continue;
    first = replica;
    firstS = endS;
  }
  return first;
}

/** When a step of another replica ends, which may send work here. */
function secondS(replicas: readonly Replica[], but: Replica): number {
  let firstS = Number.POSITIVE_INFINITY;
  for (const replica of replicas) if (replica !== but) firstS = Math.min(firstS, replica.endS);
  return firstS;
}
