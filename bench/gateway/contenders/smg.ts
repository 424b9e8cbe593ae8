import { setTimeout as delay } from 'node:timers/promises';
import { startPinned, treeOf, waitForPort, type Started } from '../processes.ts';
import { requestBody } from '../wire.ts';
import type { Contender } from './contender.ts';
import { freePort } from './free-port.ts';
import { peerFile } from './peers-folder.ts';

/** Shepherd Model Gateway (Rust, the successor of sglang-router), one static worker. */
export const smg: Contender = {
  name: 'smg',
  does: 'one key, request metrics; no records',
  async start(place) {
    const program = peerFile('smg', 'venv', 'bin', 'smg');
    const [port, metricsPort, healthPort] = [await freePort(), await freePort(), await freePort()];
    const upstream = `http://127.0.0.1:${place.upstreamPort}`;
    const options = {
      host: '127.0.0.1',
      port,
      backend: 'openai',
      'worker-urls': upstream,
      policy: 'round_robin',
      'prometheus-host': '127.0.0.1',
      'prometheus-port': metricsPort,
      'health-check-port': healthPort,
      'log-level': 'error',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const switches = ['--disable-health-check', '--disable-tokenizer-autoload'];
    const started = startPinned([program, 'launch', ...args, ...switches], {
      cpus: place.cpus,
      cwd: place.dir,
    });
    await waitForPort(started, port, 30_000);
    await untilRouting(started, port);
    return {
      endpoint: { port, path: '/v1/chat/completions', headers: {} },
      processes: () => ({ serve: treeOf(started.pid), ledger: [] }),
      stop: () => started.stop(),
    };
  },
};

const ROUTING_TRIES = 100;

/** It listens before it has registered its worker. */
async function untilRouting(started: Started, port: number): Promise<void> {
  let last = '';
  for (let tries = 0; tries < ROUTING_TRIES; tries += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: requestBody(null),
    });
    last = `status ${response.status}: ${(await response.text()).slice(0, 300)}`;
    if (response.ok) return;
    await delay(100);
  }
  await started.stop();
  throw new Error(`smg does not route: ${last}`);
}
