import { quantile } from '../../../src/plan/load/quantiles.ts';
import { runStreams } from '../streams.ts';
import type { Case } from './case.ts';

const PACE_MS = 50;
const FRAMES = 60;

export const manyStreams: Case = {
  name: 'streams',
  what: `500 streams at once, a frame each ${PACE_MS} ms: every frame once and in order, time to first token`,
  contenders: ['direct', 'nginx', 'tailrace', 'smg'],
  async measure(running, { seconds, streams }) {
    // A tiny run is shorter than one stream would be.
    const frames = seconds < 2 ? Math.ceil(seconds * 5) : FRAMES;
    const ask = { frames, paceMs: PACE_MS };
    const result = await runStreams(running.endpoint, ask, {
      count: streams,
      seconds: seconds * 2,
    });
    return {
      streams: result.streams,
      frames: result.frames,
      lost: result.lost,
      disordered: result.disordered,
      failed: result.failed,
      ttftP50Ms: quantile(result.ttftMs, 0.5) ?? Number.NaN,
      ttftP99Ms: quantile(result.ttftMs, 0.99) ?? Number.NaN,
    };
  },
};
