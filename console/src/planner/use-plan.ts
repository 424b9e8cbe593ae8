import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApp } from '../app-context.ts';
import type { PlanBody, PlanJob, PlanKind } from '../api/types.ts';
import { planQuery, progressKey } from './plan-queries.ts';

/** A plan that is computed by the API, as a page sees it. */
export interface UsedPlan<T> {
  result: T | undefined;
  error: Error | null;
  /** The result is of another plan: this one is still computed. */
  isOld: boolean;
  /** Null until the job has begun. */
  job: PlanJob | null;
  isRunning: boolean;
  cancel: () => void;
  /** Computes what was cancelled. */
  restart: () => void;
}

/** Starts a plan, follows its job, and cancels it when it is left or when the user says so. */
export function usePlan<T>(kind: PlanKind, plan: PlanBody | null): UsedPlan<T> {
  const { client } = useApp();
  const queries = useQueryClient();
  const query = planQuery<T>(client, kind, plan);
  const { data, error, isPlaceholderData, fetchStatus, refetch } = useQuery(query);
  const progress = useQuery<PlanJob | null>({
    queryKey: progressKey(kind, plan),
    queryFn: () => null,
    enabled: false,
  });
  return {
    result: data,
    error,
    isOld: isPlaceholderData,
    job: progress.data ?? null,
    isRunning: fetchStatus === 'fetching',
    cancel: () => {
      void queries.cancelQueries({ queryKey: query.queryKey, exact: true });
    },
    restart: () => {
      void refetch();
    },
  };
}
