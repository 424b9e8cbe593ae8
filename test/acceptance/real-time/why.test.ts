import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WhyReport } from '../../../src/measure/bottleneck/why-report.ts';
import { startTailrace, type RunningTailrace } from '../../e2e/running-tailrace.ts';

/**
 * Acceptance 9 in real time and real processes: `tailrace up` with a simulated engine, `tailrace replay` of recorded traffic,
 * `tailrace simulate job` scraped as an exporter; each fault for a whole minute, which is what telemetry is kept by.
 */
const root = join(import.meta.dirname, '..', '..', '..');
const MINUTE_MS = 60_000;
const RANKS = 8;
const USD_PER_HOUR = 2.95;
const MONEY_ERROR = 0.1;

let tailrace: RunningTailrace;
let jobUrl = '';
const children: ChildProcess[] = [];

const start = (home: string, ...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, [join(root, 'bin/tailrace.js'), ...args], {
    cwd: home,
    env: { ...process.env, TAILRACE_DATA: join(home, 'state') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
};

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'tailrace-why-'));
  const job = start(home, 'simulate', 'job', '--steps', 'steps.{rank}.jsonl', '--name', 'pretrain');
  jobUrl = await new Promise((resolve) => {
    job.stdout?.on('data', (chunk: Buffer) => {
      const found = /faults: +(http:\S+)\/faults/.exec(chunk.toString());
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
  writeFileSync(
    join(home, 'tailrace.yaml'),
    `services: [{ name: chat, owner: o, models: [llama-3.1-8b, default], route: r }]
routes: [{ name: r, engines: [{ engine: sim }] }]
engines:
  - { name: sim, hardware: { accelerator: h100-sxm, model: llama-3.1-8b }, cost: { basis: rented, usdPerAcceleratorHour: ${USD_PER_HOUR} }, simulated: {} }
jobs:
  - name: pretrain
    stepLogs: ['${home}/steps.*.jsonl']
    hardware: { accelerator: h100-sxm, count: ${RANKS} }
    cost: { basis: rented, usdPerAcceleratorHour: ${USD_PER_HOUR} }
    flopsPerToken: 4.8e10
    devices: [pretrain]
sources:
  - { kind: prometheus, name: dcgm, urls: ['${jobUrl}/metrics'], intervalMs: 1000, timeoutMs: 900 }
`,
  );
  tailrace = await startTailrace({ home });
  const trace = join(root, 'test/fixtures/traces/azure-conv-2000.csv');
  start(home, 'replay', trace, '--speed', '1').stdout?.resume();
}, 60_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await tailrace.stop('SIGKILL');
  tailrace.remove();
});

const untilMinute = async (): Promise<number> => {
  const atMs = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
  await delay(atMs - Date.now());
  return atMs;
};

async function faults(patch: object | null): Promise<{ lostS: number }> {
  const init =
    patch === null
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(patch),
        };
  return (await (await fetch(`${jobUrl}/faults`, init)).json()) as { lostS: number };
}

test(
  'each fault is named first, with its money',
  async () => {
    await untilMinute();
    for (const [patch, cause] of [
      [{ loaderShareOfDemand: 0.6 }, 'data-stall'],
      [{ loaderShareOfDemand: 1, exchangeFactor: 6 }, 'network'],
      [{ exchangeFactor: 1, powerCapW: 350 }, 'throttled'],
    ] as const) {
      // A healthy minute before the first fault is what the others are compared with.
      const fromMs = await untilMinute();
      const before = await faults(patch);
      const toMs = fromMs + MINUTE_MS;
      await delay(toMs - Date.now());
      const lostS = (await faults(null)).lostS - before.lostS;
      const asked = await tailrace.cli(
        'why',
        '--since',
        new Date(fromMs).toISOString(),
        '--until',
        new Date(toMs).toISOString(),
        '--json',
      );
      expect(asked.code, asked.stderr).toBe(0);
      const report = JSON.parse(asked.stdout) as WhyReport;
      const [first] = report.findings;
      const lostUsd = (lostS / 3600) * RANKS * USD_PER_HOUR;
      console.log(cause, first?.cause, first?.usd, lostUsd, report.sentence);
      expect(first).toMatchObject({ subject: 'pretrain', cause });
      expect(first?.usd).toBeGreaterThan(lostUsd * (1 - MONEY_ERROR));
      expect(first?.usd).toBeLessThan(lostUsd * (1 + MONEY_ERROR));
      expect(report.trees.map((tree) => tree.business)).toEqual(['inference', 'training']);
    }
  },
  7 * MINUTE_MS,
);
