import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../api/client.ts';
import type { TraceDetail, TraceEvent, TraceFound, TraceRange } from './trace-types.ts';

const READING_POLL_MS = 500;

/** One trace; asked again while it is being read. */
export const traceQuery = (client: Client, id: string) =>
  queryOptions({
    queryKey: ['trace', id],
    queryFn: ({ signal }) => client.get<TraceDetail>(`traces/${id}`, {}, signal),
    staleTime: Infinity,
    refetchInterval: ({ state }) =>
      state.data?.trace.state === 'reading' ? READING_POLL_MS : false,
  });

export const rangeQuery = (client: Client, id: string, fromUs: number, toUs: number) =>
  queryOptions({
    queryKey: ['trace-range', id, fromUs, toUs],
    queryFn: ({ signal }) => client.get<TraceRange>(`traces/${id}/range`, { fromUs, toUs }, signal),
    staleTime: Infinity,
  });

const FOUND = 200;

export const findQuery = (client: Client, id: string, text: string) =>
  queryOptions({
    queryKey: ['trace-find', id, text],
    queryFn: ({ signal }) =>
      client.get<TraceFound>(`traces/${id}/events`, { text, limit: FOUND }, signal),
    enabled: text !== '',
    staleTime: Infinity,
  });

export const readEvent = (client: Client, id: string, row: number): Promise<TraceEvent> =>
  client.get<TraceEvent>(`traces/${id}/events/${row}`, {}, AbortSignal.timeout(30_000));
