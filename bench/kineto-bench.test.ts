import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the Kineto bench reads a trace in a process of its own, and a large one that it writes', () => {
  const trace = join(import.meta.dirname, '../test/fixtures/traces-kineto/vllm-decode.json.gz');
  const args = [join(import.meta.dirname, 'kineto.ts'), '--rounds', '1', '--memory-mb', '3', trace];
  const report: unknown = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  const run = {
    wallS: expect.any(Number),
    cpuS: expect.any(Number),
    maxRssMib: expect.any(Number),
  };
  expect(report).toEqual({
    traces: [
      { trace: 'vllm-decode.json.gz', tailrace: run, hta: null, fasterWall: null, fasterCpu: null },
    ],
    memory: { fileMb: 4, wallS: expect.any(Number), maxRssMib: expect.any(Number) },
  });
}, 60_000);
