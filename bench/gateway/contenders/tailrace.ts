import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environmentOf, startPinned, treeOf, type Started } from '../processes.ts';
import { MODEL } from '../wire.ts';
import type { Contender } from './contender.ts';

const ENTRY = fileURLToPath(new URL('../../../bin/tailrace.js', import.meta.url));

/** Ourselves as a person would start it, with one gateway worker; nothing is switched off. */
export const tailrace: Contender = {
  name: 'tailrace',
  does: 'keys, usage, cost, one record per request through journal and ledger, metrics',
  async start(place) {
    const key = `tr_${randomBytes(32).toString('base64url')}`;
    const file = join(place.dir, 'tailrace.yaml');
    writeFileSync(file, configuration(place.upstreamPort, key));
    const stateDir = join(place.dir, 'state');
    const started = startPinned([process.execPath, ENTRY, 'up', '--config', file], {
      cpus: place.cpus,
      cwd: place.dir,
      env: { TAILRACE_DATA: stateDir },
    });
    const port = await portOf(stateDir, started);
    return {
      endpoint: {
        port,
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${key}` },
      },
      processes: () => processesOf(started),
      stop: () => started.stop(),
    };
  },
};

/** The supervisor and the workers serve; the control process keeps the ledger. */
function processesOf(started: Started): { serve: number[]; ledger: number[] } {
  const tree = treeOf(started.pid);
  const isControl = (pid: number): boolean => environmentOf(pid, 'TAILRACE_ROLE') === 'control';
  return { serve: tree.filter((pid) => !isControl(pid)), ledger: tree.filter(isControl) };
}

/** The processes that carry requests, without the supervisor: what memory is asked about. */
export function workersOf(pids: readonly number[]): number[] {
  return pids.filter((pid) => environmentOf(pid, 'TAILRACE_ROLE') === 'worker');
}

/** YAML is a superset of JSON, so the configuration is written as JSON. */
function configuration(upstreamPort: number, key: string): string {
  const hash = createHash('sha256').update(key).digest('hex');
  return JSON.stringify({
    server: { port: 0, workers: 1 },
    services: [
      { name: 'bench', owner: 'bench', feature: 'bench', models: [MODEL], route: 'bench' },
    ],
    routes: [{ name: 'bench', engines: [{ engine: 'mock' }], limits: { maxInFlight: 4096 } }],
    engines: [
      {
        name: 'mock',
        url: `http://127.0.0.1:${upstreamPort}/v1`,
        cost: { basis: 'api', provider: 'openai' },
      },
    ],
    keys: [{ name: 'bench', hash: `sha256:${hash}`, tenant: 'bench' }],
    logLevel: 'warn',
  });
}

const READY_MS = 30_000;

async function portOf(stateDir: string, started: Started): Promise<number> {
  for (const endMs = performance.now() + READY_MS; performance.now() < endMs;) {
    if (started.child.exitCode !== null) break;
    const url = instanceUrl(join(stateDir, 'instance.json'));
    if (url !== null) return Number(new URL(url).port);
    await delay(50);
  }
  await started.stop();
  throw new Error(`tailrace up did not get ready: ${started.output().slice(-2000)}`);
}

function instanceUrl(path: string): string | null {
  try {
    const { url } = JSON.parse(readFileSync(path, 'utf8')) as { url: string };
    return url;
  } catch {
    return null;
  }
}
