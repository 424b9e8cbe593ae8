import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourceSample } from '../../records/resource-sample.ts';
import { nvidiaSmi } from './nvidia-smi.ts';
import { createProgramSource } from './program-source.ts';
import { rocmSmi } from './rocm-smi.ts';
import type { ResourceSource } from './resource-source.ts';
import { SeriesTracker } from './series-tracker.ts';

const fixtures = join(import.meta.dirname, '../../../test/fixtures/metrics');
const read = (name: string): string => readFileSync(join(fixtures, name), 'utf8');

/** What two looks at an unchanging source come to, by subject. */
async function measured(source: ResourceSource): Promise<Record<string, Record<string, number>>> {
  const bySubject: Record<string, Record<string, number>> = {};
  const tracker = new SeriesTracker({
    sample: ({ subject, metric, value }: ResourceSample) => {
      (bySubject[subject.id] ??= {})[metric] = value;
    },
    holder: () => {},
  });
  for (const nowMs of [1_700_000_000_000, 1_700_000_010_000]) {
    const result = await source.read();
    if (!result.ok) throw result.error;
    const context = { source: source.source, node: source.node, intervalMs: 10_000, nowMs };
    for (const one of result.value.readings) {
      tracker.observe(one, { ...context, basis: result.value.basis });
    }
  }
  return bySubject;
}

const options = { source: 's', node: 'n1', intervalMs: 10_000 };

describe('nvidia-smi', () => {
  it('gives the figures that dcgm-exporter would, and none for what is not supported', async () => {
    const run = () => Promise.resolve(read('nvidia-smi.csv'));
    const all = await measured(
      createProgramSource({ ...options, program: nvidiaSmi, command: 'nvidia-smi', run }),
    );
    expect(all['GPU-2f4b3a5e-0000-0000-0000-000000000001']).toEqual({
      kernelShare: 0.97,
      memoryCopyShare: 0.54,
      memoryUsedBytes: 71208 * 1_048_576,
      memoryFreeBytes: 10351 * 1_048_576,
      memoryTotalBytes: 81559 * 1_048_576,
      powerW: 688.41,
      powerLimitW: 700,
      smClockMhz: 1755,
      memoryClockMhz: 2619,
      temperatureC: 61,
      memoryTemperatureC: 74,
      eccErrorsPerS: 0,
      throttledPowerShare: 1,
      throttledHeatShare: 0,
      throttledOtherShare: 0,
      idleClockShare: 0,
    });
    expect(all['GPU-2f4b3a5e-0000-0000-0000-000000000002']).toMatchObject({ idleClockShare: 1 });
    const little = all['GPU-2f4b3a5e-0000-0000-0000-000000000003'];
    expect(little).toMatchObject({ kernelShare: 0.12 });
    expect(little).not.toHaveProperty('powerW');
    expect(little).not.toHaveProperty('throttledPowerShare');
  });

  it('names line and column of a fault', () => {
    expect(nvidiaSmi.parse('index, uuid\n0\n')).toMatchObject({
      error: { message: expect.stringContaining('line 2: 1 columns, the heading has 2') },
    });
    expect(nvidiaSmi.parse('uuid, power.draw [W]\nGPU-1, many\n')).toMatchObject({
      error: { message: expect.stringContaining('line 2: column power.draw is no number: many') },
    });
    expect(nvidiaSmi.parse('NVIDIA-SMI has failed')).toMatchObject({ ok: false });
  });

  it('is an error, not an exception, where the program is missing', async () => {
    const run = () => Promise.reject(new Error('spawn nvidia-smi ENOENT'));
    const source = createProgramSource({
      ...options,
      program: nvidiaSmi,
      command: 'nvidia-smi',
      run,
    });
    expect(await source.read()).toMatchObject({ error: { code: 'TR_UPSTREAM_CONNECT' } });
  });
});

describe('rocm-smi', () => {
  it('gives the figures that the exporter of AMD would', async () => {
    const run = () => Promise.resolve(`WARNING: something\n${read('rocm-smi.json')}`);
    const all = await measured(
      createProgramSource({ ...options, program: rocmSmi, command: 'rocm-smi', run }),
    );
    expect(all).toEqual({
      '0x6f8c1c2d8a1b4e55': {
        kernelShare: 0.88,
        memoryCopyShare: 0.37,
        powerW: 612,
        temperatureC: 58,
        memoryTemperatureC: 49,
        memoryTotalBytes: 206_141_652_992,
        memoryUsedBytes: 84_520_468_480,
      },
      'n1/1': { kernelShare: 0 },
    });
  });

  it('names card and key of a fault', () => {
    expect(rocmSmi.parse('{"card3": {"GPU use (%)": "much"}}')).toMatchObject({
      error: { message: 'rocm-smi, card3: GPU use (%) is no number: much' },
    });
  });
});

it('never throws, whatever a program prints', () => {
  const cut = (text: string) =>
    fc
      .tuple(fc.nat(text.length), fc.string({ maxLength: 8 }))
      .map(([at, noise]) => text.slice(0, at) + noise + text.slice(at + noise.length));
  const printed = fc.oneof(fc.string(), cut(read('nvidia-smi.csv')), cut(read('rocm-smi.json')));
  fc.assert(
    fc.property(printed, (text) => {
      for (const result of [nvidiaSmi.parse(text), rocmSmi.parse(text)]) {
        if (!result.ok) expect(result.error.code).toBe('TR_UPSTREAM_INVALID');
      }
    }),
    { numRuns: 500 },
  );
});
