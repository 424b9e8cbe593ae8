import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../errors.ts';
import { readNodes } from './read-nodes.ts';
import { readPods } from './read-pods.ts';

const HEADERS = [
  'sn,cpu_milli,memory_mib,gpu,model',
  'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time',
  'job,user,submit_s,duration_s,gpus,nodes',
  'JobID|User|Submit|ElapsedRaw|ReqTRES|NNodes|Priority',
];

/** Text near a real file: known headers, plausible and hostile fields. */
const field = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom('', '1', '8', '1000', 'Unknown', 'gres/gpu=4', 'mem=4G', '1e3', '-1', '"', '\0'),
  fc.string({ maxLength: 12 }),
);
const nearFile = fc
  .record({
    header: fc.constantFrom(...HEADERS),
    rows: fc.array(fc.array(field, { minLength: 1, maxLength: 12 }), { maxLength: 8 }),
  })
  .map(({ header, rows }) => {
    const separator = header.includes('|') ? '|' : ',';
    return [header, ...rows.map((row) => row.join(separator))].join('\n');
  });

describe('readers of cluster traces', () => {
  it('read or refuse with a line, whatever they are given', () => {
    fc.assert(
      fc.property(fc.oneof(nearFile, fc.string()), (text) => {
        for (const read of [readNodes, readPods]) {
          try {
            read(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TailraceError);
            expect(String(error)).toMatch(/line \d+: /);
          }
        }
      }),
    );
  });

  it('read back what was written, and name the line of a bad row', () => {
    const node = fc.record({
      cpuMilli: fc.nat(256_000),
      memoryMib: fc.nat(4_194_304),
      gpuCount: fc.integer({ min: 1, max: 16 }),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 20 }), fc.nat(), (nodes, at) => {
        const rows = nodes.map((n, i) => `n${i},${n.cpuMilli},${n.memoryMib},${n.gpuCount},T4`);
        const text = [HEADERS[0], ...rows].join('\n');
        expect(readNodes(text).map(({ name: _name, gpuModel: _model, ...n }) => n)).toEqual(nodes);
        const bad = at % rows.length;
        const spoilt = [HEADERS[0], ...rows.with(bad, `n${bad},oops,1,1,T4`)].join('\n');
        expect(() => readNodes(spoilt)).toThrow(`line ${bad + 2}: cpu_milli`);
      }),
    );
  });
});
