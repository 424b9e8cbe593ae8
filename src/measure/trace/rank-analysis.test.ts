import { describe, expect, test } from 'vitest';
import { crossRank } from './cross-rank.ts';
import { analyzeRank } from './rank-analysis.ts';
import { launched, testTrace, type TestEvent } from './testing-trace.ts';

const step = (number: number, ts: number, dur: number): TestEvent => ({
  cat: 'user_annotation',
  name: `ProfilerStep#${number}`,
  ts,
  dur,
});

describe('one rank', () => {
  test('each moment of a step goes to one part', async () => {
    const trace = await testTrace([
      step(1, 0, 100),
      { cat: 'user_annotation', name: 'enumerate(DataLoader)#_X.__next__', ts: 0, dur: 30 },
      { cat: 'cpu_op', name: 'aten::mm', ts: 30, dur: 10 },
      ...launched('gemm', 35, 40, 40),
      ...launched('ncclKernel_AllReduce', 38, 60, 35, { stream: 20 }),
    ]);
    const [only] = analyzeRank(0, trace).steps;
    expect(only?.totalUs).toBe(100);
    expect(only?.lanesUs).toEqual({
      compute: 40,
      communication: 15,
      copies: 0,
      dataLoading: 30,
      runtimeCalls: 2,
      hostOperators: 8,
      unexplained: 5,
    });
  });

  test('copies: exposed part, bandwidth, pageable memory', async () => {
    const args = { stream: 7, device: 0, correlation: 1, bytes: 8000 };
    const name = 'Memcpy HtoD (Pageable -> Device)';
    const trace = await testTrace([
      { cat: 'gpu_memcpy', name, ts: 0, dur: 8, args },
      ...launched('gemm', 1, 6, 10, { stream: 8, correlation: 2 }),
    ]);
    expect(analyzeRank(0, trace).copies).toEqual([
      {
        kind: name,
        count: 1,
        totalMs: 0.008,
        exposedMs: 0.006,
        bytes: 8000,
        bytesPerS: 1e9,
        pageable: true,
      },
    ]);
  });

  test('launches: delay, gaps and queue length', async () => {
    const trace = await testTrace([
      ...launched('a', 0, 10, 10),
      ...launched('b', 5, 20, 10),
      ...launched('c', 40, 45, 10),
    ]);
    const { launches } = analyzeRank(0, trace);
    expect(launches.launchCount).toBe(3);
    expect(launches.withoutWork).toBe(0);
    expect(launches.delayUs?.p50).toBe(10);
    expect(launches.gapUs?.max).toBe(15);
    // Queued: 1 in 0-5, 2 in 5-10, 1 in 10-20, 0 in 20-40, 1 in 40-45.
    expect(launches.streams[0]).toMatchObject({ stream: 7, works: 3, maxLength: 2 });
    expect(launches.streams[0]?.meanLength).toBeCloseTo(30 / 45, 12);
    expect(launches.streams[0]?.emptyShare).toBeCloseTo(20 / 45, 12);
  });

  test('phases by who launched', async () => {
    const trace = await testTrace([
      step(1, 0, 100),
      { cat: 'cpu_op', name: 'autograd::engine::evaluate_function: Mul', ts: 20, dur: 10 },
      { cat: 'user_annotation', name: 'Optimizer.step#SGD.step', ts: 40, dur: 10 },
      ...launched('f', 5, 10, 1),
      ...launched('b', 25, 30, 2),
      ...launched('o', 45, 50, 4),
      ...launched('ncclDevKernel_AllReduce', 46, 60, 8),
      { cat: 'kernel', name: 'u', ts: 70, dur: 16, args: { stream: 7 } },
    ]);
    const expected = {
      forward: 0.001,
      backward: 0.002,
      optimizer: 0.004,
      communication: 0.008,
      unlinked: 0.016,
    };
    const { phases } = analyzeRank(0, trace);
    expect(phases.deviceMs).toEqual(expected);
    expect(phases.perStep).toEqual([{ name: '1', deviceMs: expected }]);
  });

  test('roofline class by intensity, for types whose roof is known', async () => {
    const op = (ts: number, m: number, type: string): TestEvent => ({
      cat: 'cpu_op',
      name: 'aten::mm',
      ts,
      dur: 10,
      args: {
        'Input Dims': [
          [m, 4096],
          [4096, 4096],
        ],
        'Input type': [type, type],
      },
    });
    const device = { id: 0, name: 'NVIDIA H100 80GB HBM3' };
    const trace = await testTrace(
      [
        op(0, 4096, 'c10::BFloat16'),
        ...launched('gemm', 5, 10, 200),
        op(20, 1, 'c10::BFloat16'),
        ...launched('gemv', 25, 210, 20),
        op(40, 1, 'float'),
        ...launched('gemv', 45, 230, 40),
      ],
      { deviceProperties: [device] },
    );
    const { accelerator, rows } = analyzeRank(0, trace).roofline;
    expect(accelerator).toBe('h100-sxm');
    expect(rows.map(({ bound }) => bound)).toEqual(['compute', null, 'memory']);
    expect(rows[0]?.tflopsPerS).toBeCloseTo((2 * 4096 ** 3) / 200e-6 / 1e12, 6);
    expect(rows[0]?.roofShare).toBeCloseTo((2 * 4096 ** 3) / 200e-6 / 989e12, 9);
  });

  test('critical path: through the accelerator while work is queued, through the host when not', async () => {
    const trace = await testTrace([
      step(1, 0, 120),
      { cat: 'user_annotation', name: 'enumerate(DataLoader)#_X.__next__', ts: 0, dur: 20 },
      { cat: 'cpu_op', name: 'aten::op', ts: 20, dur: 10 },
      ...launched('a', 25, 30, 40),
      ...launched('b', 27, 72, 48),
    ]);
    const [path] = analyzeRank(0, trace).criticalPaths;
    expect(path?.totalUs).toBe(120);
    expect(path?.partsUs).toEqual({
      compute: 88,
      communication: 0,
      copies: 0,
      launch: 7,
      dataLoading: 20,
      runtimeCalls: 0,
      hostOperators: 5,
      hostOther: 0,
    });
  });
});

describe('several ranks', () => {
  test('the rank for which the others wait is the straggler', async () => {
    const rank = async (index: number, lateUs: number) => {
      const events = [0, 1, 2].flatMap((i) => {
        const endUs = 1000 * i + 500;
        const startUs = endUs - 10 - (100 - lateUs);
        return launched('ncclDevKernel_AllReduce', 1000 * i + 1, startUs, endUs - startUs);
      });
      return analyzeRank(index, await testTrace(events));
    };
    const ranks = await Promise.all([0, 0, 100, 0].map((lateUs, i) => rank(i, lateUs)));
    const result = crossRank(ranks);
    expect(result.pairedCollectives).toBe(3);
    expect(result.straggler).toBe(2);
    const waitingMs = result.ranks.map((one) => one.waitingMs ?? Number.NaN);
    expect(waitingMs.map((ms) => Math.round(ms * 1e6) / 1e6)).toEqual([0.3, 0.3, 0, 0.3]);
    expect(result.ranks[0]?.transferMs).toBeCloseTo(0.03, 12);
  });

  test('ranks with different numbers of collectives: unknown, and said so', async () => {
    const one = await testTrace(launched('ncclDevKernel_AllReduce', 1, 5, 10));
    const none = await testTrace(launched('gemm', 1, 5, 10));
    const result = crossRank([analyzeRank(0, one), analyzeRank(1, none)]);
    expect(result.straggler).toBeNull();
    expect(result.ranks[0]?.waitingMs).toBeNull();
    expect(result.notes).toHaveLength(1);
  });
});
