import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProbeResult } from '../../src/measure/probes/evidence/probe-result.ts';
import { resultsPath } from '../../src/measure/probes/evidence/result-store.ts';
import { eventually, startTailrace, type RunningTailrace } from '../e2e/running-tailrace.ts';

/** Accelerators of the exporter: one bound by memory, one by FLOPs, one that waits, one that nobody holds. */
export const DEVICES = [
  { uuid: 'GPU-a', sm: 0.9, tensor: 0.12, dram: 0.85, pod: 'chat-0' },
  { uuid: 'GPU-b', sm: 0.95, tensor: 0.74, dram: 0.4, pod: 'train-0' },
  { uuid: 'GPU-c', sm: 0.2, tensor: 0.05, dram: 0.1, pod: 'train-0' },
  { uuid: 'GPU-d', sm: 0, tensor: 0, dram: 0, pod: null },
] as const;

/** A page as dcgm-exporter writes it. */
function exporterPage(): string {
  const lines = DEVICES.flatMap((device, index) => {
    const pod = device.pod === null ? '' : `,namespace="ml",pod="${device.pod}",container="main"`;
    const labels = `{gpu="${index}",UUID="${device.uuid}",Hostname="node-1",modelName="NVIDIA H100 80GB HBM3"${pod}}`;
    const values = {
      DCGM_FI_PROF_SM_ACTIVE: device.sm,
      DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: device.tensor,
      DCGM_FI_PROF_DRAM_ACTIVE: device.dram,
      DCGM_FI_DEV_GPU_UTIL: device.sm > 0 ? 100 : 0,
      DCGM_FI_DEV_POWER_USAGE: 90 + 600 * device.sm,
      DCGM_FI_DEV_GPU_TEMP: 34 + 30 * device.sm,
      DCGM_FI_PROF_PCIE_TX_BYTES: 1e9 * device.sm,
    };
    return Object.entries(values).map(([name, value]) => `${name}${labels} ${value}`);
  });
  return `${lines.join('\n')}\n`;
}

const machine = {
  hostname: 'node-1',
  platform: 'linux-x64',
  kernel: '6.1',
  cpu: 'x',
  cores: 2,
  memoryBytes: 1e9,
};

const storageRun = (atMs: number, readMs: number): ProbeResult => ({
  version: 1,
  kind: 'storage',
  atMs,
  machine,
  settings: { workload: 'unet3d' },
  metrics: {
    readMs: {
      unit: 'ms',
      better: 'lower',
      values: Array.from({ length: 200 }, (_, i) => readMs + ((i * 0.6180339887) % 1)),
    },
  },
  report: {
    workload: 'unet3d',
    accelerator: 'h100',
    auThreshold: 0.9,
    feed: {
      fed: 4,
      atLeast: false,
      curve: [1, 2, 4, 5, 8].map((accelerators) => {
        const au = Math.min(0.985, 4.6 / accelerators);
        return { accelerators, au, wallAu: au * 0.97, mbPerS: 1000, samplesPerS: 10 };
      }),
    },
    lost: [
      {
        accelerators: 4,
        lostShare: 0.0446,
        usdPerAcceleratorHour: 3,
        usdPerHour: 0.535,
        usdPerDay: 12.84,
        basis: 'measured',
      },
    ],
  },
});

const networkRun: ProbeResult = {
  version: 1,
  kind: 'network',
  atMs: Date.now() - 3_600_000,
  machine,
  settings: {},
  metrics: { idleMs: { unit: 'ms', better: 'lower', values: [0.1, 0.2, 0.3] } },
  report: {
    peers: [
      {
        peer: 'node-2:7000',
        idle: { p50Ms: 0.1, p99Ms: 0.2, p999Ms: 0.4, count: 1000 },
        loaded: { p50Ms: 0.4, p99Ms: 1.9, p999Ms: 4, count: 1000 },
        byFlows: [1, 2, 4, 8].map((flows) => ({
          flows,
          sendGbit: Math.min(18, 7 * flows),
          receiveGbit: Math.min(17, 6 * flows),
        })),
      },
    ],
  },
};

/** The rank that is half as much again slower than the others from this step on. */
export const STRAGGLER = { rank: 2, fromStep: 30 } as const;
const STEPS = 60;

/** A training job of four ranks; its exchange holds the wait for the slowest. */
function stepLog(): string {
  const endS = Date.now() / 1000;
  const lines = Array.from({ length: STEPS }, (_, step) =>
    [0, 1, 2, 3].map((rank) => {
      const isSlow = rank === STRAGGLER.rank && step >= STRAGGLER.fromStep;
      const forward = 40 + ((step * 7 + rank * 3) % 5);
      const slowest = step >= STRAGGLER.fromStep ? 66 : 44;
      const own = isSlow ? 66 : forward;
      const phaseMs = { data: 4, forward: own, backward: 2 * own, comm: 3 * (slowest - own) + 8 };
      return JSON.stringify({ ts: endS - (STEPS - step) * 0.25, rank, step, phaseMs });
    }),
  );
  return `${lines.flat().join('\n')}\n`;
}

export interface MeasuredInstance {
  tailrace: RunningTailrace;
  close(): Promise<void>;
}

/** `tailrace up` that scrapes an exporter of four accelerators and has results of probes. */
export async function startMeasuredInstance(): Promise<MeasuredInstance> {
  const exporter = createServer((_request, reply) => reply.end(exporterPage()));
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  const home = mkdtempSync(join(tmpdir(), 'tailrace-console-'));
  writeResults(join(home, 'state'));
  writeFileSync(join(home, 'steps.jsonl'), stepLog());
  writeFileSync(join(home, 'tailrace.yaml'), configText(exporter));
  try {
    const tailrace = await startTailrace({ home });
    await eventually(async () => {
      const reply = await tailrace.api('/api/v1/resources?kind=accelerator&metrics=smActiveShare');
      const { series } = (await reply.json()) as { series: unknown[] };
      return series.length === DEVICES.length ? series : null;
    });
    const close = async (): Promise<void> => {
      await tailrace.stop('SIGTERM');
      exporter.close();
      tailrace.remove();
    };
    return { tailrace, close };
  } catch (error) {
    exporter.close();
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

function writeResults(stateDir: string): void {
  const now = Date.now();
  const runs = [storageRun(now - 86_400_000, 10), networkRun, storageRun(now - 60_000, 12)];
  const path = resultsPath(stateDir);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, runs.map((run) => `${JSON.stringify(run)}\n`).join(''));
}

const configText = (exporter: Server): string => `server: { port: 0, workers: 1 }
services: [{ name: s, owner: o, models: [llama-3.1-8b], route: r }]
routes: [{ name: r, engines: [{ engine: e }] }]
engines: [{ name: e, hardware: { accelerator: h100-sxm, model: llama-3.1-8b }, simulated: {} }]
jobs:
  - { name: pretrain, hardware: { accelerator: h100-sxm, count: 4 }, stepLogs: [steps.jsonl], cost: { basis: rented, usdPerAcceleratorHour: 3 } }
sources:
  - { kind: prometheus, name: gpus, urls: ['http://127.0.0.1:${(exporter.address() as AddressInfo).port}/metrics'], intervalMs: 1000, timeoutMs: 900 }
  - { kind: host, name: here, intervalMs: 1000 }
`;
