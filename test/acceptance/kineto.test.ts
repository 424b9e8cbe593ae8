import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { analyzeFiles } from '../../src/measure/analyze/analyze-files.ts';
import { analyzers } from '../../src/measure/analyze/analyzers.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/traces-kineto');

const numbers = z.record(z.string(), z.number().nullable());
const htaSchema = z.object({
  steps_used: z.array(z.number()),
  temporal_breakdown: z.array(numbers),
  comm_comp_overlap: z.array(numbers),
  idle_time_breakdown: z.array(z.record(z.string(), z.union([z.number(), z.string()]))),
  kernel_type_breakdown: z.array(z.record(z.string(), z.union([z.number(), z.string()]))),
});
const tbSchema = z.object({
  roles: z.array(z.string()),
  steps: z.record(z.string(), z.array(z.number())),
  avg: z.array(z.number()),
  gpu_utilization: z.array(z.number()),
  sm_efficiency: z.array(z.number()),
  occupancy_pct: z.array(z.number()),
  comm_overlap: z.array(z.array(z.number())).nullable(),
});
const timelineRow = z.object({ type: z.string(), 'time ms': z.number(), percent: z.number() });
const analysisSchema = z.object({
  losses: z.array(z.object({ cause: z.string(), share: z.number() })),
  counterfactual: z
    .object({
      cause: z.string(),
      naiveMedianStepMs: z.number(),
      predictedMedianStepMs: z.number(),
      interval90Ms: z.tuple([z.number(), z.number()]),
    })
    .nullable(),
  steps: z.object({ medianMs: z.number() }),
  views: z.object({
    exact: z.object({ temporal_breakdown: z.array(numbers) }),
    hta: htaSchema,
    tbPlugin: z.record(z.string(), tbSchema),
    traceLens: z.object({ gpu_timeline: z.array(timelineRow) }),
  }),
});

async function analyze(name: string): Promise<z.infer<typeof analysisSchema>> {
  const path = join(FOLDER, `${name}.json.gz`);
  const result = await analyzeFiles([{ name, path }], analyzers, {});
  if (!result.ok) throw result.error;
  return analysisSchema.parse(result.value[0]?.json);
}

const references = z
  .record(z.string(), z.object({ hta: htaSchema, tb_plugin: z.object({ 0: tbSchema }) }))
  .parse(JSON.parse(readFileSync(join(FOLDER, 'reference-breakdowns.json'), 'utf8')));

describe('figures of the peers, each trace', () => {
  test.each(Object.entries(references))('%s', async (name, reference) => {
    const { views } = await analyze(name);
    expect(views.hta).toEqual(reference.hta);
    const peer = reference.tb_plugin[0];
    const ours = views.tbPlugin['0'];
    expect(ours?.roles).toEqual(peer.roles);
    expect(Object.keys(ours?.steps ?? {})).toEqual(Object.keys(peer.steps));
    for (const [step, times] of Object.entries(peer.steps)) {
      expectClose(ours?.steps[step], times, 1);
    }
    expectClose(ours?.avg, peer.avg, 1);
    expectClose(ours?.gpu_utilization, peer.gpu_utilization, 1e-9);
    expectClose(ours?.sm_efficiency, peer.sm_efficiency, 1e-9);
    expectClose(ours?.occupancy_pct, peer.occupancy_pct, 1e-9);
    expectClose(ours?.comm_overlap?.flat() ?? [], peer.comm_overlap?.flat() ?? [], 1);
  });

  test.each(['h100-image-classifier', 'vllm-decode'])(
    'TraceLens timeline of %s, every printed digit but the last',
    async (name) => {
      const { views } = await analyze(name);
      const csv = readFileSync(join(FOLDER, `${name}.gpu_timeline.csv`), 'utf8').trim();
      const expected = csv
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      const rows = views.traceLens.gpu_timeline;
      expect(rows.map(({ type }) => type)).toEqual(expected.map(([type]) => type));
      expected.forEach(([, timeMs, percent], i) => {
        expect(rows[i]?.['time ms']).toBeCloseTo(Number(timeMs), 9);
        expect(rows[i]?.percent).toBeCloseTo(Number(percent), 9);
      });
    },
  );

  test('one trace, three readings of communication', async () => {
    const { views } = await analyze('df-index-resolver');
    const [, , , communication = 0, , , , , total = 1] = views.tbPlugin['0']?.avg ?? [];
    expect((100 * communication) / total).toBeCloseTo(2.5, 1);
    expect(views.hta.temporal_breakdown[0]?.['non_compute_time_pctg']).toBeCloseTo(18.4, 1);
    const [exact] = views.exact.temporal_breakdown;
    expect(exact?.['exposed_communication_pctg']).toBeCloseTo(20.6, 1);
  });
});

describe('what a parallel loader gives, predicted from the trace without one', () => {
  test('data loading is first, and the real median lies in a narrow interval', async () => {
    const before = await analyze('resnet50-workers-0');
    const after = await analyze('resnet50-workers-4');
    expect(before.losses[0]?.cause).toBe('data-loading');
    expect(before.losses[0]?.share).toBeCloseTo(0.3337, 4);
    expect(before.counterfactual?.cause).toBe('data-loading');
    expect(before.counterfactual?.naiveMedianStepMs).toBeCloseTo(118.3, 1);
    const [low, high] = before.counterfactual?.interval90Ms ?? [0, 0];
    expect(after.steps.medianMs).toBeCloseTo(126.7, 1);
    expect(low).toBeLessThan(after.steps.medianMs);
    expect(high).toBeGreaterThan(after.steps.medianMs);
    const predicted = before.counterfactual?.predictedMedianStepMs ?? Number.NaN;
    expect((high - low) / predicted).toBeLessThan(0.15);
  });

  test('once loading is parallel, it is no longer first and nothing is predicted', async () => {
    const after = await analyze('resnet50-workers-4');
    expect(after.losses[0]?.cause).not.toBe('data-loading');
    expect(after.counterfactual).toBeNull();
  });
});

function expectClose(
  actual: readonly number[] | undefined,
  expected: readonly number[],
  within: number,
): void {
  expect(actual?.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual?.[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(within);
  });
}
