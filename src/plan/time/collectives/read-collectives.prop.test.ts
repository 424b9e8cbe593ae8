import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { TailraceError } from '../../../records/errors.ts';
import { readAiconfiguratorComm, readVidurNetwork } from './read-collectives.ts';

const dir = mkdtempSync(join(tmpdir(), 'network-'));
mkdirSync(join(dir, 'h100_dgx'));
const file = join(dir, 'h100_dgx/all_reduce.csv');
afterAll(() => rmSync(dir, { recursive: true }));

const text = [
  'time_stats.all_reduce.median,num_workers,size,collective,devices_per_node',
  '0.037,8,2048,all_reduce,8',
  '0.023,8,10240,all_reduce,8',
].join('\n');

describe('readVidurNetwork', () => {
  it('reads milliseconds, ranks and bytes', () => {
    writeFileSync(file, text);
    expect(readVidurNetwork(dir)[1]).toMatchObject({ ms: 0.023, ranks: 8, bytes: 10_240 });
  });

  it('reads or names what is wrong, whatever is damaged', () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 4 }), fc.nat(9), (at, junk, cut) => {
        writeFileSync(file, text.slice(0, at) + junk + text.slice(at + cut));
        try {
          for (const { ms, bytes } of readVidurNetwork(dir)) {
            expect(Math.min(ms, bytes)).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TailraceError);
        }
      }),
    );
  });

  it('reads nothing where there is no folder', async () => {
    expect(readVidurNetwork(join(dir, 'nowhere'))).toEqual([]);
    expect(await readAiconfiguratorComm(join(dir, 'nowhere'))).toEqual([]);
  });
});
