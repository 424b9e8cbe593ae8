import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import { looksLikeFio, parseFioJson } from './fio-json.ts';

const path = '../../../test/fixtures/probes/fio_3.33_readwrite.json';
const text = readFileSync(join(import.meta.dirname, path), 'utf8');

describe('fio JSON', () => {
  it('gives both directions of a real run', () => {
    const raw: { jobs: Array<{ read: Record<string, number>; write: Record<string, number> }> } =
      JSON.parse(text);
    const report = parseFioJson(text, 'fio.json');
    const job = raw.jobs[0];
    expect(report).toMatchObject({ version: 'fio-3.33', direct: true });
    expect(report.flows.map((flow) => [flow.direction, flow.bytes, flow.bytesPerS])).toEqual([
      ['read', job?.read['io_bytes'], job?.read['bw_bytes']],
      ['write', job?.write['io_bytes'], job?.write['bw_bytes']],
    ]);
    for (const { p50Ms, p99Ms, maxMs } of report.flows) {
      expect(p50Ms).toBeGreaterThan(0.001);
      expect(p99Ms).toBeGreaterThanOrEqual(p50Ms ?? Number.POSITIVE_INFINITY);
      expect(maxMs).toBeLessThan(10_000);
    }
  });

  it('reads fio 2, in microseconds and KiB', () => {
    const clat = { mean: 1500, percentile: { '99.000000': 4000 } };
    const job = { jobname: 'a', error: 0, read: { io_bytes: 4096, bw: 4, iops: 1, clat } };
    const two = JSON.stringify({ 'fio version': 'fio-2.16', jobs: [job] });
    expect(parseFioJson(`fio: a warning\n${two}`, 'f').flows).toEqual([
      expect.objectContaining({ bytesPerS: 4096, meanMs: 1.5, p99Ms: 4, p50Ms: null }),
    ]);
  });

  it('is refused with the field at fault', () => {
    expect(() => parseFioJson('nothing', 'f.json')).toThrow(/f\.json: JSON: no object/);
    const failed = text.replace('"error": 0', '"error": 5');
    expect(() => parseFioJson(failed, 'f.json')).toThrow(/jobs\.seqread\.error: is 5/);
    expect(() => parseFioJson('{"fio version": "3", "jobs": []}', 'f.json')).toThrow(/jobs/);
  });

  it('never fails but by a coded error', () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 8 }), (at, junk) => {
        const broken = text.slice(0, at) + junk + text.slice(at + junk.length);
        try {
          parseFioJson(broken, 'f');
        } catch (error) {
          if (!(error instanceof TailraceError)) throw error;
        }
        expect(looksLikeFio(null)).toBe(false);
      }),
    );
  });
});
