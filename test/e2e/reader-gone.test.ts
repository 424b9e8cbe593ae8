import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

test('a reader that has gone away (`| head`) ends a command quietly', async () => {
  const trace = join(root, 'test', 'fixtures', 'traces-kineto', 'vllm-decode.json.gz');
  const child = spawn(
    process.execPath,
    [join(root, 'bin', 'tailrace.js'), 'analyze', trace, '--json'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(complaint).toBe('');
  expect(code).toBe(0);
});
