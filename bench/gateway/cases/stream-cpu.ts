import { cpuMs } from '../processes.ts';
import { runStreams } from '../streams.ts';
import type { Case } from './case.ts';

const PACE_MS = 20;
const FRAMES = 200;

/** The slowest peer gets a tenth of the streams, so that it is measured and not just drowned. */
const SLOW = new Set(['litellm']);

export const streamCpu: Case = {
  name: 'stream-cpu',
  what: `streams of ${FRAMES} frames, one each ${PACE_MS} ms: CPU time per forwarded frame`,
  contenders: ['nginx', 'tailrace', 'smg', 'portkey', 'litellm'],
  async measure(running, { seconds, streams }, name) {
    const count = Math.ceil((streams * 0.4) / (SLOW.has(name) ? 10 : 1));
    const { serve, ledger } = running.processes();
    const before = [cpuMs(serve), cpuMs(ledger)] as const;
    // A tiny run is shorter than one stream would be.
    const frames = seconds < 2 ? Math.ceil(seconds * 25) : FRAMES;
    const ask = { frames, paceMs: PACE_MS };
    const result = await runStreams(running.endpoint, ask, { count, seconds });
    const serveMs = cpuMs(serve) - before[0];
    const ledgerMs = cpuMs(ledger) - before[1];
    return {
      serveCpuUs: (serveMs * 1000) / result.frames,
      ledgerCpuUs: (ledgerMs * 1000) / result.frames,
      streams: count,
      frames: result.frames,
      lost: result.lost,
      disordered: result.disordered,
      failed: result.failed,
    };
  },
};
