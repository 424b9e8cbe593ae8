import { describe, expect, it } from 'vitest';
import { createPlanJobs, type PlanJobs } from './plan-jobs.ts';

const clock = { wallMs: () => 1_800_000_000_000, monoMs: () => 0 };
const small = {
  workload: { model: 'llama-3.1-8b', requestsPerS: 4 },
  slo: { ttftMs: { p99: 800 } },
  search: { accelerators: ['h100-sxm'], tensorParallel: [1], maxSequences: [64], maxReplicas: 2 },
  simulation: { requests: 200 },
};

async function ended(jobs: PlanJobs, id: string) {
  for (let i = 0; i < 2000; i += 1) {
    const found = jobs.get(id);
    if (found !== null && found.job.state !== 'running') return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the job did not end');
}

describe('plan jobs', () => {
  it('compute a search over worker threads and keep its result', async () => {
    const jobs = createPlanJobs(clock);
    const { id, state } = jobs.start({ kind: 'search', plan: small });
    expect(state).toBe('running');
    const { job, result } = await ended(jobs, id);
    expect(job).toMatchObject({ state: 'done', error: null });
    expect(job.progress.done).toBe(job.progress.total);
    expect(result).toMatchObject({ best: { candidate: { accelerator: 'h100-sxm' } } });
  });

  it('tell the field at fault in a prediction that cannot be built', async () => {
    const jobs = createPlanJobs(clock);
    const plan = {
      workload: { model: 'llama-3.1-405b', requestsPerS: 1 },
      deployment: { accelerator: 'l4' },
    };
    const { job, result } = await ended(jobs, jobs.start({ kind: 'serve', plan }).id);
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'TR_PLAN_INVALID', field: 'deployment' },
    });
    expect(result).toBeNull();
  });

  it('simulate a training run, and refuse one that cannot be laid out', async () => {
    const jobs = createPlanJobs(clock);
    const train = {
      model: 'llama-3.1-8b',
      accelerator: 'h100-sxm',
      accelerators: 64,
      tokens: 1e12,
      globalBatchSequences: 512,
      data: { shareOfDemand: 0.6 },
    };
    const { job, result } = await ended(jobs, jobs.start({ kind: 'train', plan: { train } }).id);
    expect(job).toMatchObject({ state: 'done', error: null });
    expect(result).toMatchObject({ accelerators: 64, dataParallel: 64 });
    const odd = { train: { ...train, accelerators: 63 } };
    expect(() => jobs.start({ kind: 'train', plan: odd })).toThrow(/train.globalBatchSequences/);
    expect(() => jobs.start({ kind: 'train', plan: small })).toThrow(/train/);
  });

  it('refuse a plan at once whose form is wrong, or that names a file', () => {
    const jobs = createPlanJobs(clock);
    const start = (plan: unknown) => () => jobs.start({ kind: 'search', plan });
    expect(start({ workload: { model: 'nope', requestsPerS: 1 } })).toThrow(/workload.model/);
    expect(start({ workload: { model: 'llama-3.1-8b', trace: '/etc/passwd' } })).toThrow(/trace/);
    expect(start({})).toThrow(/workload/);
    expect(jobs.list()).toEqual([]);
  });

  it('end when they are cancelled, and are bounded in number', async () => {
    const jobs = createPlanJobs(clock, () => ({ signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    });
    const one = jobs.start({ kind: 'search', plan: small });
    jobs.start({ kind: 'search', plan: small });
    expect(() => jobs.start({ kind: 'search', plan: small })).toThrow(/2 plans run already/);
    expect(jobs.cancel(one.id)).toMatchObject({ state: 'cancelled', error: null });
    expect(jobs.start({ kind: 'search', plan: small }).state).toBe('running');
    expect((await ended(jobs, one.id)).result).toBeNull();
    expect(jobs.cancel('plan-99')).toBeNull();
    jobs.close();
  });
});
