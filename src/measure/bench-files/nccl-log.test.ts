import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../catalog/accelerators.ts';
import { parseNcclLog, type NcclRun } from './nccl-log.ts';
import { catalogReference, logReference } from './nccl-reference.ts';
import { reportNccl } from './nccl-report.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'probes');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

function onlyRun(text: string, file = 'x.log'): NcclRun {
  const [run, ...more] = parseNcclLog(text, file);
  if (run === undefined || more.length > 0) throw new Error('one run expected');
  return run;
}

const logs = ['aws_p4de_2x8_a100.log', 'h100_1x8.log', 'oci_a100_2x8.log'];

describe('published logs', () => {
  it.each(logs)('%s: the average of the rows is the average of the log', (name) => {
    const report = reportNccl(onlyRun(textOf(name), name), null);
    expect(report.loggedAverageGbPerS).not.toBeNull();
    expect(report.averageAgrees).toBe(true);
    expect(report.averageRoundingGbPerS).toBeLessThan(0.01);
  });

  it.each([
    [logs[0], 16],
    [logs[1], 8],
    [logs[2], 16],
  ])('%s: collective and ranks follow from the ratio of the columns', (name = '', ranks) => {
    const report = reportNccl(onlyRun(textOf(name), name), null);
    expect(report).toMatchObject({ collective: 'all_reduce', collectiveBasis: 'inferred', ranks });
    for (const row of report.rows) {
      // Time and bandwidth are printed to four digits at best.
      const tolerance = 0.006 + 0.001 * row.busGbPerS;
      expect(Math.abs((row.computedBusGbPerS ?? 0) - row.busGbPerS)).toBeLessThan(tolerance);
    }
  });

  it('flags the rows of one site that fall under 80 % of another', () => {
    const reference = logReference(onlyRun(textOf('oci_a100_2x8.log')), 'oci_a100_2x8.log');
    const report = reportNccl(onlyRun(textOf('aws_p4de_2x8_a100.log')), reference);
    const flagged = report.rows.filter((row) => row.flagged).map((row) => row.sizeBytes);
    // 64.15 of 162.98, 69.77 of 164.79, 74.29 of 161.12, 76.83 of 220.51, 78.33 of 224.75.
    expect(flagged).toEqual([134217728, 268435456, 536870912, 1073741824, 2147483648]);
    expect(report.rows.at(-1)?.shareOfReference).toBeCloseTo(78.33 / 224.75, 6);
    expect(report.rows[0]?.shareOfReference).toBeNull();
  });

  it('flags nothing against itself', () => {
    const run = onlyRun(textOf('h100_1x8.log'));
    expect(reportNccl(run, logReference(run, 'itself')).flaggedRows).toBe(0);
  });

  it('holds large messages against the link of the catalog, one direction', () => {
    const h100 = findAccelerator('h100-sxm');
    const reference = h100 === null ? null : catalogReference(h100);
    const report = reportNccl(onlyRun(textOf('h100_1x8.log')), reference);
    expect(report.rows[0]).toMatchObject({ referenceGbPerS: 450, flagged: false });
    const slow = reportNccl(onlyRun(textOf('aws_p4de_2x8_a100.log')), reference);
    expect(
      slow.rows.filter((row) => row.referenceGbPerS !== null).every((row) => row.flagged),
    ).toBe(true);
    expect(slow.rows[0]?.referenceGbPerS).toBeNull();
  });
});

const HEADER = [
  '# nThread 1 nGpus 1 minBytes 1048576 maxBytes 2097152 step: 2(factor) warmup iters: 5',
  '# Using devices',
  '#  Rank  0 Group  0 Pid  1 on  node-a device  0 [0x10] NVIDIA H100 80GB HBM3',
  '#  Rank  1 Group  0 Pid  2 on  node-b device  0 [0x10] NVIDIA H100 80GB HBM3',
  '#  size  count  type  redop  root  time  algbw  busbw #wrong  time  algbw  busbw #wrong',
];
const ROW = '1048576 262144 float none -1 100.0 10.49 5.24 0 100.0 10.49 5.24 N/A';

describe('forms of logs', () => {
  it('reads header, rank prefixes and lines of NCCL between', () => {
    const lines = [
      ...HEADER.slice(0, 2),
      'node-a:21:21 [0] NCCL INFO Bootstrap : Using eth0:10.0.0.1<0>',
      ...HEADER.slice(2),
      ROW,
      '# Out of bounds values : 0 OK',
      '# Avg bus bandwidth    : 5.24 ',
      '# Collective test concluded: all_gather_perf',
    ];
    for (const prefix of ['', '[1,0]<stdout>:', '0: ', 'worker-0: ', '    ']) {
      const run = onlyRun(lines.map((line) => prefix + line).join('\n'));
      expect(run, prefix).toMatchObject({
        collective: 'all_gather',
        ranks: 2,
        devices: ['NVIDIA H100 80GB HBM3'],
        averageBusGbPerS: 5.24,
      });
      expect(run.rows[0]).toMatchObject({ redop: 'none', root: -1, inPlace: { wrong: null } });
      expect(reportNccl(run, null)).toMatchObject({ factor: 0.5, collectiveBasis: 'log' });
    }
  });

  it('reads a row without any header, by its number of fields', () => {
    expect(onlyRun(ROW).rows[0]?.outOfPlace?.busGbPerS).toBe(5.24);
    const short = onlyRun('34359738368 8589934592 float sum -1 875713 39.24 68.66 0');
    expect(short.rows[0]).toMatchObject({ outOfPlace: { busGbPerS: 68.66 }, inPlace: null });
    expect(reportNccl(short, null)).toMatchObject({ collective: 'all_reduce', ranks: 8 });
  });

  it('reads per-iteration columns and time stamps', () => {
    const header =
      '# size count type redop root time algbw busbw #wrong i_min i_max i_p99 i_cv% ' +
      'time algbw busbw #wrong i_min i_max i_p99 i_cv% timestamp';
    const body = '100.0 10.49 5.24 0 98.0 110.0 109.0 3.10';
    const row = `1048576 262144 float none -1 ${body} ${body} 2026-01-31 12:00:00`;
    const run = onlyRun(`${header}\n${row}`);
    expect(run.rows[0]).toMatchObject({
      outOfPlace: { timeUs: 100 },
      inPlace: { busGbPerS: 5.24 },
    });
  });

  it('tells runs of one log apart', () => {
    const runs = parseNcclLog([...HEADER, ROW, ...HEADER, ROW, ROW].join('\n'), 'x.log');
    expect(runs.map((run) => run.rows.length)).toEqual([1, 2]);
  });

  it('names file, line and column of a broken row', () => {
    const text = [...HEADER, ROW, ROW.replace('10.49', '1x.49')].join('\n');
    expect(() => parseNcclLog(text, 'a.log')).toThrow(/a\.log: line 7: algbw: "1x\.49"/);
    expect(() => parseNcclLog(`${HEADER.join('\n')}\n1 2 float none`, 'a.log')).toThrow(
      /line 6: row/,
    );
    expect(() => parseNcclLog('# nothing', 'a.log')).toThrow(/holds no result row/);
  });
});
