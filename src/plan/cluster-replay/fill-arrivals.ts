import type { Random } from '../core/random.ts';
import type { PodShape } from './pod-shape.ts';

/**
 * Arrivals that fill a cluster and never leave, as in Weng et al. (ATC'23, section 6.2): all pods
 * in random order, then pods drawn from them again until one more would take the requests past
 * `targetMilli`. A workload that asks for more already loses pods at random until it does not.
 */
export function fillArrivals(
  shapeOf: readonly PodShape[],
  targetMilli: number,
  random: Random,
): PodShape[] {
  const arrivals = shuffle(shapeOf, random);
  let requestedMilli = arrivals.reduce((sum, { gpuMilliInAll }) => sum + gpuMilliInAll, 0);
  while (requestedMilli > targetMilli) {
    const [removed] = arrivals.splice(index(arrivals.length, random), 1);
    requestedMilli -= removed?.gpuMilliInAll ?? 0;
  }
  while (requestedMilli < targetMilli) {
    const drawn = shapeOf[index(shapeOf.length, random)];
    if (drawn === undefined || requestedMilli + drawn.gpuMilli > targetMilli) break;
    requestedMilli += drawn.gpuMilliInAll;
    arrivals.push(drawn);
  }
  return arrivals;
}

const index = (length: number, random: Random): number => Math.floor(random.uniform() * length);

/** Fisher and Yates: every order equally likely. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = index(i + 1, random);
    const held = out[i];
    const other = out[j];
    if (held === undefined || other === undefined) continue;
    out[i] = other;
    out[j] = held;
  }
  return out;
}
