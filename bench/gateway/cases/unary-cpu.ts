import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs } from '../processes.ts';
import { requestBody } from '../wire.ts';
import { runWrk } from '../wrk.ts';
import type { Case } from './case.ts';

/** Records of the last requests reach the ledger behind the load; their cost belongs to it. */
const SETTLE_MS = 1_500;

export const unaryCpu: Case = {
  name: 'unary',
  what: 'unary chat, closed loop of 32 connections (wrk): CPU time per request of the process tree',
  contenders: ['nginx', 'tailrace', 'smg', 'portkey', 'litellm'],
  async measure(running, { seconds, dir }) {
    const body = requestBody(null);
    const { serve, ledger } = running.processes();
    const before = [cpuMs(serve), cpuMs(ledger)] as const;
    const {
      requests,
      seconds: took,
      failed,
    } = await runWrk(running.endpoint, body, { seconds, dir });
    await delay(ledger.length > 0 ? SETTLE_MS : 0);
    const serveMs = cpuMs(serve) - before[0];
    const ledgerMs = cpuMs(ledger) - before[1];
    return {
      serveCpuUs: (serveMs * 1000) / requests,
      ledgerCpuUs: (ledgerMs * 1000) / requests,
      allCpuUs: ((serveMs + ledgerMs) * 1000) / requests,
      requestsPerS: requests / took,
      failed,
    };
  },
};
