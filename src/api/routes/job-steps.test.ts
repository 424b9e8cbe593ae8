import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { openTestControl, testConfig, type TestControl } from '../test-control.ts';

let control: TestControl | null = null;

afterEach(() => control?.close());

const line = (rank: number, step: number, forward: number): string =>
  `${JSON.stringify({ ts: 1_700_000_000 + step, rank, step, phaseMs: { forward, comm: 5 } })}\n`;

test('the work of ranks by step, read from the logs that a job names', async () => {
  const at = openTestControl();
  control = at;
  const file = join(at.tempDir, 'steps.jsonl');
  writeFileSync(file, [0, 1, 2].map((step) => line(0, step, 10) + line(1, step, 20)).join(''));
  const job = {
    name: 'pretrain',
    owner: 'ada',
    hardware: { accelerator: 'h100-sxm', count: 2 },
    cost: { basis: 'rented', usdPerAcceleratorHour: 3 },
    stepLogs: [file],
  };
  const config = configSchema.parse({ ...testConfig, jobs: [job] });
  at.deps.config = () => config;
  const reply = await at.ask('/api/v1/job-steps?steps=2');
  expect(await reply.json()).toMatchObject({
    jobs: ['pretrain'],
    job: 'pretrain',
    ranks: [0, 1],
    steps: [1, 2],
    workMs: [
      [10, 10],
      [20, 20],
    ],
    slowest: [{ rank: 1 }, { rank: 0 }],
    notes: [],
  });
  const refused = await at.ask('/api/v1/job-steps?job=nobody');
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({ error: { field: 'job' } });
});

test('without jobs the reply is empty', async () => {
  control = openTestControl();
  const reply = await control.ask('/api/v1/job-steps');
  expect(await reply.json()).toMatchObject({ jobs: [], job: null, ranks: [], steps: [] });
});
