import { fail, ok, type Result } from '../../records/errors.ts';

/**
 * Closed forms of queueing theory, used to test the event core and to screen plans before they are
 * simulated. Times are in the unit of the service time; waits exclude service.
 */
export interface QueueMeans {
  /** Share of time a server is busy, 0 to 1. */
  utilization: number;
  /** Mean time between arrival and start of service. */
  wait: number;
  /** Mean number of jobs that wait. */
  waiting: number;
}

/**
 * One server, Poisson arrivals. `serviceVariation` is the coefficient of variation of service
 * times.
 */
export interface SingleServerQueue {
  arrivalRate: number;
  serviceMean: number;
  serviceVariation: number;
}

/**
 * M/G/1: W = lambda E[S^2] / (2 (1 - rho)) (Pollaczek 1930, Khinchine 1932; Kleinrock, "Queueing
 * Systems" vol. 1, 1975, section 5.6). A variation of 0 is M/D/1, of 1 M/M/1. TR_PLAN_INVALID when
 * the load has no steady state.
 */
export function pollaczekKhinchine(queue: SingleServerQueue): Result<QueueMeans> {
  const { arrivalRate, serviceMean, serviceVariation } = queue;
  const utilization = arrivalRate * serviceMean;
  const unstable = unstableReason(utilization, arrivalRate, serviceMean);
  if (unstable !== null) return unstable;
  const secondMoment = serviceMean ** 2 * (1 + serviceVariation ** 2);
  const wait = (arrivalRate * secondMoment) / (2 * (1 - utilization));
  return ok({ utilization, wait, waiting: arrivalRate * wait });
}

export interface ManyServerQueue {
  arrivalRate: number;
  serviceMean: number;
  servers: number;
}

/**
 * Probability that an arrival of M/M/c waits (Erlang 1917), from the recursion of Erlang B: B(0) =
 * 1, B(k) = a B(k-1) / (k + a B(k-1)); C = B / (1 - rho (1 - B)). Exact, and free of the factorials
 * of the textbook form. `offeredLoad` a = lambda x service time, below `servers`.
 */
export function erlangC(offeredLoad: number, servers: number): number {
  let blocking = 1;
  for (let k = 1; k <= servers; k += 1) {
    blocking = (offeredLoad * blocking) / (k + offeredLoad * blocking);
  }
  return blocking / (1 - (offeredLoad / servers) * (1 - blocking));
}

/** M/M/c: W = C(c, a) / (c mu - lambda). TR_PLAN_INVALID when the load has no steady state. */
export function manyServerMeans(queue: ManyServerQueue): Result<QueueMeans> {
  const { arrivalRate, serviceMean, servers } = queue;
  const utilization = (arrivalRate * serviceMean) / servers;
  const unstable = unstableReason(utilization, arrivalRate, serviceMean);
  if (unstable !== null) return unstable;
  const wait = erlangC(arrivalRate * serviceMean, servers) / (servers / serviceMean - arrivalRate);
  return ok({ utilization, wait, waiting: arrivalRate * wait });
}

/** Coefficients of variation of gaps between arrivals and of service times. */
export interface Variations {
  arrival: number;
  service: number;
}

/**
 * G/G/1 in heavy traffic: W ~ rho / (1 - rho) x (ca^2 + cs^2) / 2 x service (Kingman, Proc. Camb.
 * Phil. Soc. 57, 1961). Exact for M/G/1, an approximation elsewhere.
 */
export function kingman(
  queue: { arrivalRate: number; serviceMean: number },
  variations: Variations,
): Result<QueueMeans> {
  const { arrivalRate, serviceMean } = queue;
  const utilization = arrivalRate * serviceMean;
  const unstable = unstableReason(utilization, arrivalRate, serviceMean);
  if (unstable !== null) return unstable;
  const spread = meanSquare(variations);
  const wait = (utilization / (1 - utilization)) * spread * serviceMean;
  return ok({ utilization, wait, waiting: arrivalRate * wait });
}

/**
 * G/G/c: the M/M/c wait times (ca^2 + cs^2) / 2 (Allen, "Probability, Statistics and Queueing
 * Theory", 1978, after Cunneen). Exact for M/M/c and M/G/1, an approximation elsewhere.
 */
export function allenCunneen(queue: ManyServerQueue, variations: Variations): Result<QueueMeans> {
  const exact = manyServerMeans(queue);
  if (!exact.ok) return exact;
  const { utilization } = exact.value;
  const wait = exact.value.wait * meanSquare(variations);
  return ok({ utilization, wait, waiting: queue.arrivalRate * wait });
}

const meanSquare = ({ arrival, service }: Variations): number => (arrival ** 2 + service ** 2) / 2;

/** Null when the queue has a steady state. */
function unstableReason(
  utilization: number,
  arrivalRate: number,
  serviceMean: number,
): ReturnType<typeof fail> | null {
  for (const [field, value] of Object.entries({ arrivalRate, serviceMean })) {
    if (Number.isFinite(value) && value > 0) continue;
    return fail('TR_PLAN_INVALID', `${field} must be a number above 0, not ${value}`, { field });
  }
  if (utilization < 1) return null;
  return fail(
    'TR_PLAN_INVALID',
    `at a load of ${utilization.toFixed(3)} per server the queue grows without end: ` +
      'lower arrivalRate, or add servers',
    { field: 'arrivalRate' },
  );
}
