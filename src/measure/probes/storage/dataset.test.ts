import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { mlperfWorkloads } from '../../bench-files/mlperf-workloads.ts';
import { placeOf, planDataset, shuffledSample } from './dataset-plan.ts';
import { folderStore } from './folder-store.ts';
import { planWrites, prepareDataset } from './prepare-dataset.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-dataset-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('plan of a data set', () => {
  it('keeps the budget, the mean record and so the demand', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...mlperfWorkloads),
        fc.integer({ min: 1_000_000, max: 20_000_000_000 }),
        (workload, budget) => {
          const plan = planDataset(workload, budget);
          expect(plan.bytes).toBeLessThanOrEqual(budget);
          expect(plan.files.length).toBeGreaterThanOrEqual(8);
          const mean = plan.bytes / plan.samples;
          expect(mean / (workload.recordBytes * plan.scale)).toBeCloseTo(1, 3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('places every sample inside its file, none over another', () => {
    for (const workload of mlperfWorkloads) {
      const plan = planDataset(workload, 40_000_000);
      let bytes = 0;
      for (let sample = 0; sample < plan.samples; sample += 1) {
        const { file, offset, length } = placeOf(plan, sample);
        expect(offset + length).toBeLessThanOrEqual(file.bytes);
        bytes += length;
      }
      expect(bytes).toBeGreaterThan(plan.bytes * 0.999);
      expect(() => placeOf(plan, plan.samples)).toThrow(RangeError);
    }
  });

  it('reads each sample once an epoch, in another order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.nat(5), (samples, epoch) => {
        const order = Array.from({ length: samples }, (_, i) =>
          shuffledSample(samples, epoch * samples + i),
        );
        expect(new Set(order).size).toBe(samples);
        expect(Math.max(...order)).toBeLessThan(samples);
      }),
    );
  });
});

describe('a data set in a folder', () => {
  const [workload] = mlperfWorkloads;
  if (workload === undefined) throw new Error('no workload');
  const plan = planDataset(workload, 4_000_000);
  const store = folderStore(dir);
  const folder = join(dir, plan.name);

  it('is written on from where a stop left it', async () => {
    const controller = new AbortController();
    const stop = prepareDataset(store, plan, await planWrites(store, plan), {
      signal: controller.signal,
      onWritten: (bytes) => bytes > plan.bytes / 2 && controller.abort(),
    });
    await expect(stop).rejects.toThrow(/run it again to go on/);
    const [first = ''] = readdirSync(folder);
    const written = statSync(join(folder, first)).mtimeMs;
    const writes = await planWrites(store, plan);
    expect(writes.files.length).toBeLessThan(plan.files.length);
    expect(writes.bytes).toBeLessThan(plan.bytes);
    await prepareDataset(store, plan, writes);
    expect(statSync(join(folder, first)).mtimeMs).toBe(written);
    expect((await planWrites(store, plan)).bytes).toBe(0);
  });

  it('is read in full, and a file of the wrong size is written again', async () => {
    const reader = await store.openReader(plan, 2);
    try {
      const sizes = await Promise.all(
        Array.from({ length: plan.samples }, (_, sample) => reader.read(sample)),
      );
      expect(sizes.reduce((sum, one) => sum + one.bytes, 0)).toBe(plan.bytes);
      expect(sizes.every((one) => one.readMs.length > 0)).toBe(true);
    } finally {
      await reader.close();
    }
    truncateSync(join(folder, plan.files[0]?.name ?? ''), 100);
    expect((await planWrites(store, plan)).files).toEqual([plan.files[0]]);
    const cut = await store.openReader(plan, 1);
    await expect(cut.read(0)).rejects.toThrow(/sample-000000\.bin: ends before its size/);
    await cut.close();
  });

  it('holds bytes that do not compress', async () => {
    const { gzipSync } = await import('node:zlib');
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(join(folder, plan.files[1]?.name ?? ''));
    expect(gzipSync(bytes).length).toBeGreaterThan(bytes.length * 0.99);
  });

  it('is not begun where it cannot fit', async () => {
    const full = { ...store, freeBytes: () => Promise.resolve(1000) };
    const writes = { place: 'x', files: plan.files, bytes: plan.bytes };
    await expect(prepareDataset(full, plan, writes)).rejects.toThrow(/give a smaller --size/);
    await expect(folderStore('/no/such').freeBytes()).rejects.toThrow(
      /\/no\/such: .*give a folder/,
    );
  });

  it('is removed when told to', async () => {
    await store.remove(plan);
    expect(existsSync(folder)).toBe(false);
  });
});
