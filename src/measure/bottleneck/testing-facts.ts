import { type Config, configSchema, type JobConfig } from '../../config/schema.ts';
import type { StepRecord } from '../../records/step-log/step-record.ts';
import type { Accounted } from './account-detail.ts';
import type { Cause } from './causes.ts';
import type { DeviceFacts } from './device-facts.ts';
import { jobAccount, type JobFacts } from './training/job-account.ts';

/** Inputs of accounts for tests to vary. */
export const startMs = 1_800_000_000_000;
export const window = { fromMs: startMs, toMs: startMs + 3_600_000 };

export const testingConfig = (): Config =>
  configSchema.parse({
    services: [
      { name: 'chat', owner: 'o', models: ['m'], route: 'r', slo: { tpotMs: { p95: 30 } } },
    ],
    routes: [{ name: 'r', engines: [{ engine: 'sim' }] }],
    engines: [
      {
        name: 'sim',
        url: 'http://127.0.0.1:9/v1',
        hardware: { accelerator: 'h100-sxm', model: 'llama-3.1-8b' },
        cost: { basis: 'rented', usdPerAcceleratorHour: 3 },
      },
      {
        name: 'spare',
        url: 'http://127.0.0.1:8/v1',
        hardware: { accelerator: 'h100-sxm', model: 'llama-3.1-8b' },
        cost: { basis: 'rented', usdPerAcceleratorHour: 3 },
      },
    ],
    jobs: [
      {
        name: 'job',
        stepLogs: ['none'],
        hardware: { accelerator: 'h100-sxm', count: 2 },
        cost: { basis: 'rented', usdPerAcceleratorHour: 3 },
      },
    ],
  });

export function testingJob(change: Partial<JobConfig> = {}): JobConfig {
  const [job] = testingConfig().jobs;
  if (job === undefined) throw new Error('no job');
  return { ...job, ...change };
}

/** The account of a job over the hour of `window`, at its end. */
export function accountOf(
  records: readonly StepRecord[],
  change: Partial<JobFacts> & { config?: Partial<JobConfig> } = {},
): Accounted {
  const { config, ...facts } = change;
  const accounted = jobAccount({
    job: testingJob(config),
    steps: { records: [...records], notes: [] },
    window,
    nowMs: window.toMs,
    devices: null,
    ...facts,
  });
  if (accounted === null) throw new Error('no account');
  return accounted;
}

export const shareOf = ({ account }: Accounted, cause: Cause): number =>
  account.leaves.find((leaf) => leaf.cause === cause)?.share ?? 0;

export const saidOf = ({ account }: Accounted): string =>
  account.leaves.find((leaf) => leaf.cause === 'unexplained')?.evidence.join('\n') ?? '';

/** Steps of one second one after another, over the hour unless `count` says otherwise. */
export function stepsOf(
  ranks: ReadonlyArray<StepRecord['phaseMs']>,
  options: { count?: number; from?: number; firstStep?: number } = {},
): StepRecord[] {
  const { count = 3600, from = 0, firstStep = 0 } = options;
  return Array.from({ length: count }, (_, i) =>
    ranks.map((phaseMs, rank) => ({
      ts: startMs / 1000 + from + i + 1,
      rank,
      step: firstStep + i,
      stepMs: 1000,
      phaseMs,
      tokens: 1000,
    })),
  ).flat();
}

export const testingDevices = (change: Partial<DeviceFacts> = {}): DeviceFacts => ({
  devices: 2,
  knownShare: 1,
  silent: [],
  basis: 'measured',
  activeShare: null,
  smActive: null,
  smOccupancy: null,
  tensorActive: null,
  dramActive: null,
  powerW: null,
  powerLimitW: null,
  throttle: null,
  ...change,
});
