import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startTailrace, type RunningTailrace } from '../e2e/running-tailrace.ts';

/** Requests of the load run: more than the 300 that a p99 needs. */
export const LOADED = 400;
/** Requests to the service whose first engine always fails; each is answered by the fallback. */
export const RETRIED = 3;
/** Requests for a model that no service has. */
export const REJECTED = 2;

const rented = { basis: 'rented', usdPerAcceleratorHour: 3 } as const;
const hardware = { accelerator: 'h100-sxm', model: 'llama-3.1-8b' } as const;

/**
 * Three services: `chat` under load with targets it misses (TTFT) and meets, `support`
 * whose requests need a second attempt, and `idle` that no one asks.
 */
const CONFIG = {
  server: { port: 0, workers: 1 },
  services: [
    {
      name: 'chat',
      owner: 'assistants',
      feature: 'assistant',
      models: ['llama-3.1-8b'],
      route: 'chat',
      slo: {
        ttftMs: { p95: 0.001, p99: 0.001 },
        tpotMs: { p95: 60_000 },
        e2eMs: { p95: 60_000, p99: 60_000 },
        availability: 0.99,
      },
    },
    { name: 'support', owner: 'help desk', models: ['support-8b'], route: 'support' },
    { name: 'idle', owner: 'no one yet', models: ['idle-8b'], route: 'chat' },
  ],
  routes: [
    { name: 'chat', engines: [{ engine: 'sim' }] },
    { name: 'support', engines: [{ engine: 'broken' }], fallback: ['sim'] },
  ],
  engines: [
    { name: 'sim', hardware, cost: rented, simulated: { speed: 20 } },
    { name: 'broken', hardware, cost: rented, simulated: { speed: 20, faults: { errorRate: 1 } } },
  ],
};

/** `tailrace up` with records of a real load run through its gateway, all of them in the ledger. */
export async function startLoadedInstance(): Promise<RunningTailrace> {
  const home = mkdtempSync(join(tmpdir(), 'tailrace-console-'));
  const file = join(home, 'tailrace.yaml');
  writeFileSync(file, JSON.stringify(CONFIG));
  let tailrace: RunningTailrace | null = null;
  try {
    tailrace = await startTailrace({ home, args: ['--config', file] });
    await load(tailrace);
    return tailrace;
  } catch (error) {
    await tailrace?.stop('SIGTERM');
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

async function load(tailrace: RunningTailrace): Promise<void> {
  const size = ['--input-tokens', '100-800', '--output-tokens', '10-60'];
  const run = ['load', '--service', 'chat', '--rps', '80', '--limit', String(LOADED), ...size];
  const { code, stdout, stderr } = await tailrace.cli(...run, '--json', '--skip-reconcile');
  if (code !== 0) throw new Error(`the load run failed (${code}):\n${stdout}${stderr}`);
  await send(tailrace, 'support-8b', RETRIED, 200);
  await send(tailrace, 'no-such-model', REJECTED, 404);
  await eventually(async () => {
    const page = (await (await tailrace.api('/api/v1/requests?limit=1')).json()) as {
      total: number;
    };
    return page.total === LOADED + RETRIED + REJECTED ? page : null;
  });
}

/** One after the other, each read to its end. */
async function send(
  tailrace: RunningTailrace,
  model: string,
  count: number,
  status: number,
): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    const response = await tailrace.chat({ model, stream: true, max_tokens: 20 });
    const body = await response.text();
    if (response.status !== status) throw new Error(`${model}: HTTP ${response.status} ${body}`);
  }
}
