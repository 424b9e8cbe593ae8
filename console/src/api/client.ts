import type {
  Answers,
  AnswersAsk,
  Health,
  PlanCreate,
  PlanJob,
  PlanJobResult,
  RequestPage,
  RequestRecord,
  RequestsAsk,
  Series,
  SeriesAsk,
  ServiceList,
  ServicePlan,
} from './types.ts';

/** Why the API did not answer. Code and message are the API's own where it sent them. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
  }

  /** The key is the matter, not the address or the question: ask for another one. */
  get needsSignIn(): boolean {
    return this.status === 401 || (this.status === 403 && this.code !== 'TR_HOST_REFUSED');
  }
}

export interface ClientDeps {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  key: () => string | null;
  /** Called with the API's message whenever it refuses the key. */
  onRefused: (message: string) => void;
}

export type QueryValues = Record<string, string | number | null | undefined>;

/** The control API as the console uses it. Rejects with `ApiFailure` only. */
export interface Client {
  answers(ask: AnswersAsk, signal: AbortSignal): Promise<Answers>;
  series(ask: SeriesAsk, signal: AbortSignal): Promise<Series>;
  requests(ask: RequestsAsk, signal: AbortSignal): Promise<RequestPage>;
  request(id: string, signal: AbortSignal): Promise<RequestRecord>;
  services(signal: AbortSignal): Promise<ServiceList>;
  health(signal: AbortSignal): Promise<Health>;
  servicePlan(ask: { service: string; since: string }, signal: AbortSignal): Promise<ServicePlan>;
  startPlan(ask: PlanCreate, signal: AbortSignal): Promise<PlanJob>;
  plan(id: string, signal: AbortSignal): Promise<PlanJobResult>;
  /** Any other read by path, below the API's root; `getQuery` types it. */
  get<T>(path: string, query: QueryValues, signal: AbortSignal): Promise<T>;
  /** Sends JSON; the reply's JSON, null where it has none. */
  send<T>(method: SendMethod, path: string, body: unknown, signal: AbortSignal): Promise<T | null>;
  /** A reply that is no JSON: a file to keep. */
  file(path: string, query: QueryValues, signal: AbortSignal): Promise<Blob>;
  /** Sends a file as it is. */
  upload<T>(path: string, query: QueryValues, file: Blob, signal: AbortSignal): Promise<T>;
  /** Needs no signal: it is what an aborted wait ends with. */
  cancelPlan(id: string): Promise<void>;
  /** The open event stream; the caller reads its body. */
  events(signal: AbortSignal): Promise<Response>;
}

export function createClient(deps: ClientDeps): Client {
  const open = (path: string, signal: AbortSignal): Promise<Response> => ask(deps, path, signal);
  const read = async <T>(path: string, signal: AbortSignal, sent: Sent = {}): Promise<T> => {
    const response = await ask(deps, path, signal, sent);
    try {
      return (await response.json()) as T;
    } catch (error) {
      signal.throwIfAborted();
      throw new ApiFailure(response.status, 'unreadable', `the reply was cut: ${String(error)}`);
    }
  };
  return {
    answers: (query, signal) => read(`answers${queryString({ ...query })}`, signal),
    series: (query, signal) => read(`series${queryString({ ...query })}`, signal),
    requests: (query, signal) => read(`requests${queryString({ ...query })}`, signal),
    request: (id, signal) => read(`requests/${encodeURIComponent(id)}`, signal),
    services: (signal) => read('services', signal),
    health: (signal) => read('health', signal),
    servicePlan: (query, signal) => read(`service-plan${queryString({ ...query })}`, signal),
    startPlan: (body, signal) => read('plans', signal, { method: 'POST', body }),
    plan: (id, signal) => read(`plans/${encodeURIComponent(id)}`, signal),
    get: (path, query, signal) => read(`${path}${queryString(query)}`, signal),
    send: async (method, path, body, signal) => {
      const response = await ask(deps, path, signal, { method, body });
      return response.status === 204 ? null : ((await response.json()) as never);
    },
    file: async (path, query, signal) => {
      const response = await ask(deps, `${path}${queryString(query)}`, signal);
      return response.blob();
    },
    upload: (path, query, body, signal) =>
      read(`${path}${queryString(query)}`, signal, { method: 'POST', body }),
    cancelPlan: async (id) => {
      const signal = AbortSignal.timeout(CANCEL_MS);
      await ask(deps, `plans/${encodeURIComponent(id)}`, signal, { method: 'DELETE' });
    },
    events: (signal) => open('events', signal),
  };
}

export type SendMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request that is not a plain read. */
interface Sent {
  method?: SendMethod;
  body?: unknown;
}

const CANCEL_MS = 5_000;

async function ask(
  deps: ClientDeps,
  path: string,
  signal: AbortSignal,
  { method, body }: Sent = {},
): Promise<Response> {
  const key = deps.key();
  if (key === null) throw new ApiFailure(401, 'TR_AUTH_MISSING', 'not signed in');
  let response: Response;
  try {
    response = await deps.fetch(`/api/v1/${path}`, {
      signal,
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': mediaTypeOf(body) }),
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ApiFailure(0, 'unreachable', `Tailrace does not answer: ${String(error)}`);
  }
  if (response.ok) return response;
  const failure = await failureOf(response);
  // A late reply to a key that was replaced meanwhile says nothing about the new one.
  if (failure.needsSignIn && deps.key() === key) deps.onRefused(failure.message);
  throw failure;
}

const mediaTypeOf = (body: unknown): string =>
  body instanceof Blob ? body.type || 'application/octet-stream' : 'application/json';

async function failureOf(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => null);
  const error = field(body, 'error');
  const code = field(error, 'code');
  const message = field(error, 'message');
  return new ApiFailure(
    response.status,
    typeof code === 'string' ? code : `HTTP ${response.status}`,
    typeof message === 'string' ? message : `Tailrace answered HTTP ${response.status}`,
  );
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** `?a=1&b=2` of the values that are set; empty when none is. */
export function queryString(values: QueryValues): string {
  const set = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') set.set(name, String(value));
  }
  const text = set.toString();
  return text === '' ? '' : `?${text}`;
}
