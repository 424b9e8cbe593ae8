import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the planner bench runs, tiny', () => {
  const script = join(import.meta.dirname, 'plan-speed.ts');
  const { stdout, status } = spawnSync(process.execPath, [script, '--requests', '300'], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const row: unknown = JSON.parse(stdout);
  expect(row).toMatchObject({ case: 'poisson', requests: 300 });
});
