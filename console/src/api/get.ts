import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Client } from './client.ts';
import type { paths } from './generated/openapi.ts';

type Get<P extends keyof paths> = paths[P]['get'];
type Reply<G> = G extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never;

/** Paths of the API that give JSON and hold no parameter, without their root. */
export type GetPath = {
  [P in keyof paths]: P extends `/api/v1/${infer Rest}`
    ? [Reply<Get<P>>] extends [never]
      ? never
      : Rest extends `${string}{${string}`
        ? never
        : Rest
    : never;
}[keyof paths];

export type ReplyOf<P extends GetPath> = Reply<Get<`/api/v1/${P}`>>;
export type AskOf<P extends GetPath> =
  Get<`/api/v1/${P}`> extends { parameters: { query?: infer Query } }
    ? [NonNullable<Query>] extends [never]
      ? Record<string, never>
      : NonNullable<Query>
    : Record<string, never>;

/** The first part of the key of every such query, so that live ones can be found. */
export const GET_KEY = 'get';

/** A read of the API by path; `ask` is its query. The former reply stays while the next is read. */
export const getQuery = <P extends GetPath>(client: Client, path: P, ask: AskOf<P>) =>
  queryOptions({
    queryKey: [GET_KEY, path, ask],
    queryFn: ({ signal }) => client.get<ReplyOf<P>>(path, ask, signal),
    placeholderData: keepPreviousData,
  });
