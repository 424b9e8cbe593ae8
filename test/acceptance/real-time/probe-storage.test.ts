import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDlioRaw } from '../../../src/measure/bench-files/dlio-raw.ts';
import { dlioUse } from '../../../src/measure/bench-files/dlio-use.ts';
import { findWorkload } from '../../../src/measure/bench-files/mlperf-workloads.ts';
import { planDataset } from '../../../src/measure/probes/storage/dataset-plan.ts';
import { folderStore } from '../../../src/measure/probes/storage/folder-store.ts';
import { planWrites, prepareDataset } from '../../../src/measure/probes/storage/prepare-dataset.ts';
import {
  probeStorage,
  type StorageProbe,
} from '../../../src/measure/probes/storage/probe-storage.ts';
import { systemClock } from '../../../src/records/clock.ts';

/**
 * Real files, real time, a reader held to a known rate. Small batches, so that the demand (some
 * 20 MB/s) is far below any disk and the throttle alone decides.
 */
const resnet = findWorkload('resnet50');
if (resnet === null) throw new Error('no workload');
const workload = { ...resnet, batchSize: 40 };
const dir = mkdtempSync(join(tmpdir(), 'tailrace-acceptance-'));
const store = folderStore(dir);
const plan = planDataset(workload, 50_000_000);

beforeAll(async () => prepareDataset(store, plan, await planWrites(store, plan)));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function probeAt(share: number, accelerators: number): Promise<StorageProbe> {
  const sampleBytes = plan.bytes / plan.samples;
  const demandMbPerS =
    (accelerators * workload.batchSize * sampleBytes) / workload.computeS.h100 / 1e6;
  return probeStorage(store, plan, systemClock, {
    workload,
    accelerator: 'h100',
    accelerators,
    maxAccelerators: accelerators,
    durationMs: 12_000,
    limitMbPerS: demandMbPerS * share,
    usdPerAcceleratorHour: 2.5,
    cpuUs: () => 0,
    cores: 1,
  });
}

describe('AU of emulated accelerators on a reader of known rate', () => {
  it.each([0.2, 0.4, 0.6, 0.8, 1, 1.2])(
    'at %f of demand is the share within 2 points',
    async (share) => {
      const { result } = await probeAt(share, 1);
      console.log(
        `share ${share}: AU ${(result.au * 100).toFixed(2)} %, wall AU ${(result.wallAu * 100).toFixed(2)} %`,
      );
      expect(Math.abs(result.au - Math.min(1, share))).toBeLessThan(0.02);
    },
  );

  it('of three accelerators at 60 % loses 40 % of their price', async () => {
    const { result, lost } = await probeAt(0.6, 3);
    expect(Math.abs(result.au - 0.6)).toBeLessThan(0.02);
    const [here] = lost;
    expect(here?.usdPerHour).toBeCloseTo(3 * 2.5 * (1 - result.wallAu), 9);
    // 3 x $2.50 x 40 %, and what the first step adds.
    expect(Math.abs((here?.usdPerHour ?? 0) - 3)).toBeLessThan(0.25);
  });
});

describe('the published raw run', () => {
  it('recomputes to 91.22602702535721 %', () => {
    const path = join(
      import.meta.dirname,
      '..',
      '..',
      'fixtures',
      'probes',
      'hpe_unet3d_h100_run1_raw.json.gz',
    );
    const raw = parseDlioRaw(gunzipSync(readFileSync(path)).toString('utf8'), path);
    expect(Math.abs(dlioUse(raw, path, null).au * 100 - 91.22602702535721)).toBeLessThan(1e-9);
  });
});
