import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlanJobs } from '../../plan/jobs/plan-jobs.ts';
import { planJob, planJobList, planJobResult, servicePlanView } from '../plan-views.ts';
import { apiError } from '../schema.ts';
import { NOW_MS, openTestControl, type TestControl } from '../test-control.ts';
import { testingRecord } from '../../records/testing-record.ts';

let control: TestControl;

beforeAll(() => {
  control = openTestControl({ plans: createPlanJobs({ wallMs: Date.now, monoMs: () => 0 }) });
});
afterAll(() => control.close());

const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  control.ask(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });

const site = {
  facility: { site: { id: 'feed', kind: 'utility', kwPerUnit: 750, children: [] } },
};

describe('plans', () => {
  test('one is started, listed, read and left as it is by a late cancel', async () => {
    const started = await send('POST', '/api/v1/plans', { kind: 'facility', plan: site });
    expect(started.status).toBe(202);
    const { id } = planJob.parse(await started.json());
    const read = await send('GET', `/api/v1/plans/${id}`);
    const { job, result } = planJobResult.parse(await read.json());
    expect(job.state).toBe('done');
    expect(result).toMatchObject({ check: { fits: true } });
    const listed = planJobList.parse(await (await send('GET', '/api/v1/plans')).json());
    expect(listed.plans.map((one) => one.id)).toEqual([id]);
    const cancelled = await send('DELETE', `/api/v1/plans/${id}`);
    expect(planJob.parse(await cancelled.json()).state).toBe('done');
  });

  const workload = { model: 'llama-3.1-8b', requestsPerS: 4 };
  const short = { workload, simulation: { requests: 100 } };
  const space = {
    accelerators: ['h100-sxm'],
    tensorParallel: [1],
    maxSequences: [64],
    maxReplicas: 2,
  };
  const train = {
    model: 'llama-3.1-8b',
    accelerator: 'h100-sxm',
    accelerators: 64,
    tokens: 1e12,
    globalBatchSequences: 512,
    failures: { mtbfHoursPerAccelerator: 50_000 },
    checkpoint: { storageGbPerS: 100 },
  };

  test.each([
    ['serve', { ...short, deployment: { accelerator: 'h100-sxm' }, slo: { ttftMs: { p99: 1 } } }],
    ['search', { ...short, search: space, slo: { ttftMs: { p99: 800 } } }],
    ['double', { ...short, search: space, slo: { ttftMs: { p99: 800 } } }],
    [
      'facility',
      { facility: { ...site.facility, growth: { from: '2027-01-01', kwPerMonth: 50 } } },
    ],
    ['train', { train }],
  ])(
    'a result of %s has the form that the document states, no key more or less',
    async (kind, plan) => {
      const { id } = planJob.parse(
        await (await send('POST', '/api/v1/plans', { kind, plan })).json(),
      );
      for (let i = 0; i < 2000; i += 1) {
        const read: unknown = await (await send('GET', `/api/v1/plans/${id}`)).json();
        const { job, result } = planJobResult.parse(read);
        if (job.state === 'done') {
          expect(result).not.toBeNull();
          return;
        }
        expect(job.error).toBeNull();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error('the plan did not end');
    },
  );

  test.each([
    [{ kind: 'serve', plan: { workload: { model: 'x', requestsPerS: 1 } } }, 'workload.model'],
    [
      { kind: 'serve', plan: { workload: { model: 'llama-3.1-8b', requestsPerS: -1 } } },
      'workload',
    ],
    [{ kind: 'guess', plan: {} }, 'kind'],
    [{ kind: 'double', plan: {}, rates: [-1] }, 'rates'],
  ])('a bad one is refused with its field: %j', async (body, field) => {
    const response = await send('POST', '/api/v1/plans', body);
    expect(response.status).toBe(400);
    expect(apiError.parse(await response.json()).error.field).toContain(field);
  });

  test('an unknown id is not found', async () => {
    expect((await send('GET', '/api/v1/plans/plan-77')).status).toBe(404);
    expect((await send('DELETE', '/api/v1/plans/plan-77')).status).toBe(404);
  });

  test('a service without traffic has no plan, and its fields are named', async () => {
    const response = await send('GET', '/api/v1/service-plan?service=chat');
    const view = servicePlanView.parse(await response.json());
    expect(view).toEqual({ plan: null, measured: null, missing: ['requests with known tokens'] });
    expect((await send('GET', '/api/v1/service-plan?service=nope')).status).toBe(404);
  });

  test('a service with traffic has the plan that it is served by, and that plan runs', async () => {
    control.addRecords(
      Array.from({ length: 40 }, (_, i) =>
        testingRecord({ startedAtMs: NOW_MS - 60_000 + i * 1000, service: 'chat' }),
      ),
    );
    const response = await send('GET', '/api/v1/service-plan?service=chat&since=1m');
    const { plan, measured } = servicePlanView.parse(await response.json());
    expect(measured?.ratePerS).toBeGreaterThan(0);
    expect(plan).toMatchObject({
      workload: { model: 'llama-3.1-8b' },
      deployment: { accelerator: 'h100-sxm', replicas: 1 },
      slo: { e2eMs: { p99: 2000 } },
    });
    const started = await send('POST', '/api/v1/plans', { kind: 'serve', plan });
    expect(started.status).toBe(202);
  });
});
