import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiFailure, type Client } from '../api/client.ts';
import type { PlanBody, PlanJob, PlanKind } from '../api/types.ts';

const POLL_MS = 250;

/** The plan that a service is served by, at its load over a window. */
export const servicePlanQuery = (client: Client, service: string, since: string) =>
  queryOptions({
    queryKey: ['service-plan', service, since],
    queryFn: ({ signal }) => client.servicePlan({ service, since }, signal),
    staleTime: 60_000,
  });

/** Where the state of a plan's job is kept while it runs. */
export const progressKey = (kind: PlanKind, plan: PlanBody | null) =>
  ['plan-progress', kind, plan] as const;

/**
 * The result of a plan: started, polled until it ends, cancelled when nobody waits any more. The same plan is computed
 * once; its result does not age.
 */
export const planQuery = <T>(client: Client, kind: PlanKind, plan: PlanBody | null) =>
  queryOptions({
    queryKey: ['plan', kind, plan],
    enabled: plan !== null,
    queryFn: ({ signal, client: queries }) =>
      computePlan<T>(client, kind, plan ?? {}, signal, (job) => {
        queries.setQueryData(progressKey(kind, plan), job);
      }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 5 && error instanceof ApiFailure && error.status === 503,
  });

async function computePlan<T>(
  client: Client,
  kind: PlanKind,
  plan: PlanBody,
  signal: AbortSignal,
  onJob: (job: PlanJob) => void,
): Promise<T> {
  const { id } = await client.startPlan({ kind, plan }, signal);
  try {
    for (;;) {
      const { job, result } = await client.plan(id, signal);
      onJob(job);
      if (job.state === 'done') return result as T;
      if (job.state !== 'running') {
        const { code = 'TR_PLAN_CANCELLED', message = 'the plan was cancelled' } = job.error ?? {};
        throw new ApiFailure(400, code, message);
      }
      await wait(POLL_MS, signal);
    }
  } catch (error) {
    // Left for another plan: the cores are for that one.
    if (signal.aborted) await client.cancelPlan(id);
    throw error;
  }
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });

/** The plan at `factor` times its load; `requests` are fewer than a command simulates, so that a slider moves. */
export function scaledPlan(plan: PlanBody, factor: number): PlanBody {
  const workload = { ...(plan['workload'] as Record<string, unknown>) };
  const rate = Number(workload['requestsPerS']);
  return {
    ...plan,
    workload: { ...workload, requestsPerS: Number((rate * factor).toPrecision(6)) },
  };
}
