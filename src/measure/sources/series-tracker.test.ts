import { describe, expect, it } from 'vitest';
import type { ResourceHolder, ResourceSample } from '../../records/resource-sample.ts';
import { parseTextFormat } from './exposition/text-format.ts';
import { type Reading, SeriesTracker } from './series-tracker.ts';

const intervalMs = 10_000;
const startMs = 1_700_000_000_000;

function watch() {
  const samples: ResourceSample[] = [];
  const holders: ResourceHolder[] = [];
  const tracker = new SeriesTracker({
    sample: (one) => samples.push(one),
    holder: (one) => holders.push(one),
  });
  const context = { source: 's', node: 'n1', basis: 'measured' as const, intervalMs };
  const page = (text: string, atS: number): void => {
    const parsed = parseTextFormat(text);
    if (!parsed.ok) throw parsed.error;
    const { help } = parsed.value;
    for (const one of parsed.value.samples) {
      tracker.observe(one, { ...context, help, nowMs: startMs + atS * 1000 });
    }
  };
  const push = (reading: Reading, atS: number): void =>
    tracker.observe(reading, { ...context, nowMs: startMs + atS * 1000 });
  const brief = () =>
    samples.map((one) => {
      const { metric, fromMs, toMs, value } = one;
      return [metric, (fromMs - startMs) / 1000, (toMs - startMs) / 1000, value];
    });
  return { tracker, samples, holders, page, push, brief };
}

const dcgm = (name: string, value: number, more = ''): string =>
  `${name}{gpu="0",UUID="GPU-1",modelName="H100",Hostname="node-a"${more}} ${value}\n`;

describe('series tracker', () => {
  it('takes a gauge as the mean of both ends, in canonical units', () => {
    const { page, samples, brief } = watch();
    page(dcgm('DCGM_FI_DEV_GPU_UTIL', 50) + dcgm('DCGM_FI_DEV_FB_USED', 10), 0);
    page(dcgm('DCGM_FI_DEV_GPU_UTIL', 100) + dcgm('DCGM_FI_DEV_FB_USED', 10), 10);
    expect(brief()).toEqual([
      ['kernelShare', 0, 10, 0.75],
      ['memoryUsedBytes', 0, 10, 10_485_760],
    ]);
    expect(samples[0]?.subject).toEqual({
      kind: 'accelerator',
      id: 'GPU-1',
      node: 'node-a',
      index: '0',
      model: 'H100',
    });
  });

  it('takes a counter by its growth, and a reset as unknown', () => {
    const { page, brief, tracker } = watch();
    const energy = (millijoules: number) =>
      dcgm('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', millijoules);
    page(energy(1_000_000), 0);
    page(energy(8_000_000), 10);
    page(energy(500), 20);
    page(energy(7_000_500), 30);
    expect(brief()).toEqual([
      ['energyRateW', 0, 10, 700],
      ['energyRateW', 20, 30, 700],
    ]);
    expect(tracker.counts.resets).toBe(1);
  });

  it('lets a gauge stand for a gap only as long as one interval, a counter for all of it', () => {
    const { page, brief } = watch();
    const both = (share: number, mj: number) =>
      dcgm('DCGM_FI_PROF_SM_ACTIVE', share) + dcgm('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', mj);
    page(both(0.2, 0), 0);
    page(both(0.8, 30_000_000), 60);
    expect(brief()).toEqual([
      ['smActiveShare', 50, 60, 0.8],
      ['energyRateW', 0, 60, 500],
    ]);
  });

  it('tells the unit of violation counters by HELP', () => {
    const run = (help: string): unknown[] => {
      const { page, brief } = watch();
      const text = (value: number) =>
        `# HELP DCGM_FI_DEV_POWER_VIOLATION ${help}\n${dcgm('DCGM_FI_DEV_POWER_VIOLATION', value)}`;
      page(text(0), 0);
      page(text(2_500_000), 10);
      return brief();
    };
    expect(run('Throttling duration due to power constraints (in us).')).toEqual([
      ['throttledPowerShare', 0, 10, 0.25],
    ]);
    expect(run('Throttling duration (in ns).')).toEqual([['throttledPowerShare', 0, 10, 0.00025]]);
  });

  it('reads throttle reasons bit by bit', () => {
    const { page, brief } = watch();
    page(dcgm('DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 0x4), 0);
    page(dcgm('DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 0x20 | 0x8), 10);
    expect(new Map(brief().map(([metric, , , value]) => [metric, value]))).toEqual(
      new Map([
        ['throttledPowerShare', 0.5],
        ['throttledHeatShare', 0.5],
        ['throttledOtherShare', 0.5],
        ['idleClockShare', 0],
      ]),
    );
  });

  it('keeps pods that share a device as parts of one figure, and says who held it', () => {
    const { page, samples, holders } = watch();
    const pods = ['a', 'b'].map((pod) => `,pod="${pod}",namespace="ml"`);
    const text = pods.map((pod) => dcgm('DCGM_FI_PROF_SM_ACTIVE', 0.7, pod)).join('');
    page(text, 0);
    page(text, 10);
    expect(samples.map(({ part, combine, value }) => [part, combine, value])).toEqual([
      ['ml/a', 'same', 0.7],
      ['ml/b', 'same', 0.7],
    ]);
    expect(holders.map(({ holder }) => holder)).toEqual(['ml/a', 'ml/b']);
  });

  it('counts duplicates, disorder, skew, staleness and nonsense, and uses none of them', () => {
    const { push, tracker, samples } = watch();
    const labels = new Map([['UUID', 'GPU-1']]);
    const at = (value: number | 'stale', atS: number | null, nowS: number): void =>
      push(
        {
          name: 'DCGM_FI_PROF_SM_ACTIVE',
          labels,
          value,
          timestampMs: atS === null ? null : startMs + atS * 1000,
        },
        nowS,
      );
    at(0.5, 0, 0);
    at(0.5, 0, 0);
    at(0.6, 0, 0);
    at(0.5, -5, 0);
    at(0.5, 7200, 0);
    at(0.5, -7200, 0);
    at('stale', 5, 5);
    at(0.5, 10, 10);
    at(Number.NaN, 20, 20);
    at(0.5, 30, 30);
    at(37, 40, 40);
    push({ name: 'unknown_name', labels, value: 1, timestampMs: null }, 50);
    push({ name: 'DCGM_FI_PROF_SM_ACTIVE', labels: new Map(), value: 1, timestampMs: null }, 50);
    expect(samples).toEqual([]);
    expect(tracker.counts).toMatchObject({
      duplicate: 1,
      conflicting: 1,
      outOfOrder: 1,
      future: 1,
      tooOld: 1,
      stale: 1,
      first: 3,
      implausible: 2,
      unmapped: 2,
    });
  });

  it('sums disks and averages CPUs, and leaves out what repeats them', () => {
    const { page, samples } = watch();
    const text = (n: number) =>
      [
        `node_cpu_seconds_total{cpu="0",mode="idle"} ${n * 10}`,
        `node_cpu_seconds_total{cpu="1",mode="idle"} ${n * 5}`,
        `node_cpu_seconds_total{cpu="1",mode="nice"} ${n}`,
        `node_disk_read_bytes_total{device="sda"} ${n * 100}`,
        `node_disk_read_bytes_total{device="sda1"} ${n * 100}`,
        `node_network_receive_bytes_total{device="lo"} ${n * 100}`,
        '',
      ].join('\n');
    page(text(0), 0);
    page(text(1), 10);
    expect(
      samples.map(({ metric, part, combine, value }) => [metric, part, combine, value]),
    ).toEqual([
      ['cpuIdleShare', '0', 'mean', 1],
      ['cpuIdleShare', '1', 'mean', 0.5],
      ['diskReadBytesPerS', 'sda', 'sum', 10],
    ]);
  });
});
