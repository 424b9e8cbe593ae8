import { workersOf } from '../contenders/tailrace.ts';
import { openLoop } from '../open-loop.ts';
import { rssBytes } from '../processes.ts';
import { runStreams } from '../streams.ts';
import { requestBody } from '../wire.ts';
import type { Case } from './case.ts';

const SAMPLE_MS = 1_000;
const RATE_PER_S = 1_000;
const STREAMS = 100;
const MIB = 1_048_576;

/** The start is left out of the slope: caches fill and code is compiled then. */
const WARM_SHARE = 0.3;

export const memory: Case = {
  name: 'memory',
  what: `${RATE_PER_S} unary requests a second and ${STREAMS} streams: memory of the gateway worker`,
  contenders: ['tailrace'],
  async measure(running, { memorySeconds }) {
    const samples: Array<{ atS: number; mib: number }> = [];
    const startMs = performance.now();
    const timer = setInterval(() => {
      const bytes = workersOf(running.processes().serve).map((pid) => rssBytes(pid) ?? 0);
      const atS = (performance.now() - startMs) / 1000;
      samples.push({ atS, mib: Math.max(...bytes) / MIB });
    }, SAMPLE_MS);
    const options = { ratePerS: RATE_PER_S, seconds: memorySeconds };
    const [unary, streams] = await Promise.all([
      openLoop(running.endpoint, requestBody(null), options),
      runStreams(
        running.endpoint,
        { frames: 100, paceMs: 20 },
        { count: STREAMS, seconds: memorySeconds },
      ),
    ]);
    clearInterval(timer);
    const warm = samples.slice(Math.floor(samples.length * WARM_SHARE));
    return {
      minutes: memorySeconds / 60,
      requests: unary.sent + streams.streams,
      failed: unary.failed + streams.failed,
      rssMaxMib: Math.max(...samples.map((one) => one.mib)),
      slopeMibPerMin: slope(warm) * 60,
    };
  },
};

/** Least-squares slope, MiB per second. */
export function slope(samples: ReadonlyArray<{ atS: number; mib: number }>): number {
  const n = samples.length;
  const meanS = samples.reduce((sum, one) => sum + one.atS, 0) / n;
  const meanMib = samples.reduce((sum, one) => sum + one.mib, 0) / n;
  let above = 0;
  let below = 0;
  for (const { atS, mib } of samples) {
    above += (atS - meanS) * (mib - meanMib);
    below += (atS - meanS) ** 2;
  }
  return above / below;
}
