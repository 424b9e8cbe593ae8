import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import { busFactor, type Collective } from './nccl-collectives.ts';
import { parseNcclLog } from './nccl-log.ts';
import { reportNccl } from './nccl-report.ts';

const collectives: Collective[] = ['all_reduce', 'reduce_scatter', 'all_gather', 'alltoall'];

/** A cell as nccl-tests prints it: the bandwidths to two digits after the point. */
function printed(sizeBytes: number, timeUs: number, factor: number): string {
  const alg = sizeBytes / timeUs / 1e3;
  return `${timeUs.toFixed(2)} ${alg.toFixed(2)} ${(alg * factor).toFixed(2)} 0`;
}

describe('nccl-tests logs', () => {
  it('give back the ranks and the average that they were printed from', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...collectives),
        fc.integer({ min: 2, max: 64 }),
        fc.array(fc.integer({ min: 50, max: 400 }), { minLength: 1, maxLength: 12 }),
        (collective, ranks, gbPerS) => {
          const factor = busFactor(collective, ranks);
          const redop =
            collective === 'all_reduce' || collective === 'reduce_scatter' ? 'sum' : 'none';
          const rows = gbPerS.map((alg, i) => {
            const sizeBytes = 2 ** (26 + (i % 8));
            const cell = printed(sizeBytes, sizeBytes / alg / 1e3, factor);
            return `${sizeBytes} ${sizeBytes / 4} float ${redop} -1 ${cell} ${cell}`;
          });
          const average = (gbPerS.reduce((a, b) => a + b, 0) / gbPerS.length) * factor;
          const log = [
            `# Collective test starting: ${collective}_perf`,
            ...rows,
            `# Avg bus bandwidth    : ${Number(average.toPrecision(6))}`,
          ].join('\n');
          const [run] = parseNcclLog(log, 'x');
          const report = run === undefined ? null : reportNccl(run, null);
          expect(report).toMatchObject({ collective, averageAgrees: true });
          // Beyond some ranks two counts share a rounded ratio; then none is named.
          expect([ranks, null]).toContain(report?.ranks);
          if (ranks <= 16) expect(report?.ranks).toBe(ranks);
        },
      ),
    );
  });

  it('never fail but by a coded error, whatever is cut or mixed in', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constant('1048576 262144 float sum -1 100.0 10.49 10.49 0 100.0 10.49 10.49 0'),
      fc.constant('# size count type redop root time algbw busbw #wrong'),
      fc.constant('# Avg bus bandwidth    : 1e400'),
      fc.constant('#  Rank  0 Group  0 Pid  1 on  node-a device  0 [0x10] NVIDIA H100'),
      fc.constant('[1,0]<stdout>:8 2 float sum -1 1'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        try {
          for (const run of parseNcclLog(lines.join('\n'), 'x')) {
            const { averageBusGbPerS } = reportNccl(run, null);
            expect(Number.isFinite(averageBusGbPerS)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof TailraceError)) throw error;
          expect(error.code).toBe('TR_BENCH_INVALID');
        }
      }),
    );
  });
});
