import { keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';
import { ApiFailure, type Client } from './client.ts';
import { GET_KEY } from './get.ts';
import type { AnswersAsk, RequestsAsk, SeriesAsk } from './types.ts';

const MAX_RETRIES = 3;

/** Whether asking again may help: not when the API understood and refused. */
export const shouldRetry = (failures: number, error: unknown): boolean =>
  failures < MAX_RETRIES &&
  error instanceof ApiFailure &&
  (error.status === 0 || error.status >= 500);

export const answersQuery = (client: Client, ask: AnswersAsk) =>
  queryOptions({
    queryKey: ['answers', ask],
    queryFn: ({ signal }) => client.answers(ask, signal),
    placeholderData: keepPreviousData,
  });

export const seriesQuery = (client: Client, ask: SeriesAsk) =>
  queryOptions({
    queryKey: ['series', ask],
    queryFn: ({ signal }) => client.series(ask, signal),
    placeholderData: keepPreviousData,
  });

export const requestsQuery = (client: Client, ask: RequestsAsk) =>
  queryOptions({
    queryKey: ['requests', ask],
    queryFn: ({ signal }) => client.requests(ask, signal),
    placeholderData: keepPreviousData,
  });

/** A record is immutable: read once. */
export const requestQuery = (client: Client, id: string) =>
  queryOptions({
    queryKey: ['request', id],
    queryFn: ({ signal }) => client.request(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Changes only with the configuration, so it is not read again at each tick. */
export const servicesQuery = (client: Client) =>
  queryOptions({
    queryKey: ['services'],
    queryFn: ({ signal }) => client.services(signal),
    staleTime: 60_000,
  });

export const healthQuery = (client: Client) =>
  queryOptions({
    queryKey: ['health'],
    queryFn: ({ signal }) => client.health(signal),
    refetchInterval: 15_000,
  });

const LIVE_QUERIES = new Set<unknown>(['answers', 'series', 'requests', 'health']);
/** Of `getQuery`: what a minute may change. */
const LIVE_PATHS = new Set<unknown>(['resources', 'sources', 'engines', 'why']);

/** Reads again what new records may have changed and the page shows; the rest turns stale. */
export const refreshLive = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries(
    {
      predicate: ({ queryKey: [name, path] }) =>
        LIVE_QUERIES.has(name) || (name === GET_KEY && LIVE_PATHS.has(path)),
    },
    // A read still under way is as good as a new one; cancelling it could starve a slow one.
    { cancelRefetch: false },
  );
