import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../../../records/clock.ts';
import { readJsonBody } from '../../live/read-body.ts';
import { sendJson, sendText } from '../../live/send.ts';
import { createSyntheticJob, NO_FAULTS, type SyntheticJobShape } from './synthetic-job.ts';

const faultPatch = z.strictObject({
  loaderShareOfDemand: z.number().min(0.01).max(1).optional(),
  exchangeFactor: z.number().min(1).max(1_000).optional(),
  slowRank: z
    .strictObject({ rank: z.int().nonnegative(), factor: z.number().min(1).max(1_000) })
    .nullable()
    .optional(),
  powerCapW: z.number().positive().max(100_000).nullable().optional(),
});

/**
 * Runs a synthetic job in real time until it is told to stop: appends a line per rank and step to `stepLog` ("{rank}" in it
 * gives each its own file), shows its devices at /metrics, changes its faults by POST /faults; loopback only. Resolves to
 * the seconds of steps that faults cost.
 */
export async function runSyntheticJob(options: {
  shape: SyntheticJobShape;
  stepLog: string;
  port: number;
  clock: Clock;
  signal: AbortSignal;
  onListen(url: string): void;
}): Promise<{ steps: number; lostS: number }> {
  const { shape, stepLog, clock, signal } = options;
  const job = createSyntheticJob(shape);
  let faults = NO_FAULTS;
  const totals = { steps: 0, lostS: 0 };
  const server = createServer((request, response) => {
    void answer(request, response, {
      page: () => job.devices(),
      totals: () => ({ ...totals, faults }),
      change(patch) {
        const given = Object.entries(patch).filter(([, value]) => value !== undefined);
        faults = { ...faults, ...Object.fromEntries(given) };
        job.setFaults(faults);
      },
    }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  options.onListen(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const originMs = clock.monoMs();
  const originS = clock.wallMs() / 1000;
  try {
    while (!signal.aborted) {
      const step = job.step(originS);
      await waitUntil(originMs + step.endS * 1000, clock, signal);
      if (signal.aborted) break;
      totals.steps += 1;
      totals.lostS += step.lostS;
      for (const one of step.records) {
        const file = stepLog.replaceAll('{rank}', String(one.rank));
        appendFileSync(file, `${JSON.stringify(one)}\n`);
      }
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return totals;
}

async function waitUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(0, atMs - clock.monoMs()), undefined, { signal });
  } catch {
    // Told to stop: the caller looks at the signal.
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  job: {
    page(): string;
    totals(): object;
    change(patch: z.infer<typeof faultPatch>): void;
  },
): Promise<void> {
  const route = `${request.method} ${request.url ?? '/'}`;
  if (route === 'GET /metrics') {
    const info = '# TYPE tailrace_sim_info gauge\ntailrace_sim_info{simulated="true"} 1\n';
    return sendText(response, 200, 'text/plain; version=0.0.4; charset=utf-8', info + job.page());
  }
  if (route === 'GET /faults') return sendJson(response, 200, JSON.stringify(job.totals()));
  const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
  if (route !== 'POST /faults' || !isJson) {
    return sendText(
      response,
      404,
      'text/plain',
      'GET /metrics, GET /faults or POST /faults (JSON)\n',
    );
  }
  const body = await readJsonBody(request);
  const patch = body.ok ? faultPatch.safeParse(body.value) : null;
  if (patch === null || !patch.success) {
    const problem = patch === null ? 'not JSON' : z.prettifyError(patch.error);
    return sendText(response, 400, 'text/plain', `${problem}\n`);
  }
  job.change(patch.data);
  sendJson(response, 200, JSON.stringify(job.totals()));
}
