import type { BreakdownBy, Metric, Outcome, RequestsAsk } from './api/types.ts';

/**
 * The address is the state: these turn its query, which anyone may have typed, into typed values.
 * What is not valid falls back to the default, and defaults stay out of the address.
 */
export const WINDOWS = ['15m', '1h', '6h', '24h', '7d'] as const;
export const DEFAULT_SINCE = '1h';
export const PAGE_SIZE = 50;
const MAX_OFFSET = 10_000_000;

export const OUTCOMES: readonly Outcome[] = [
  'success',
  'rejected',
  'upstream_error',
  'engine_crash',
  'timeout',
  'client_abort',
  'shutdown',
];

export const ROLES = ['platform', 'capacity', 'serving', 'data', 'security', 'facilities'] as const;
export type Role = (typeof ROLES)[number];

export const SORTS = ['startedAt', 'e2e', 'ttft', 'cost', 'tokensOut'] as const;
export type Sort = (typeof SORTS)[number];

/** Pages whose only choice is how far back they reach. */
export interface WindowSearch {
  since?: string;
}

/** Pages of governance: of one service, or of the whole organisation. */
export interface ScoreSearch {
  service?: string;
  category?: string;
}

export interface RoadmapSearch {
  service?: string;
  role?: Role;
}

export interface WhySearch {
  since?: string;
  subject?: string;
}

export interface TracesSearch {
  since?: string;
  /** Ids of the traces that are open, with commas. */
  open?: string;
}

export interface VendorsSearch {
  /** `serving=3,security=0`: weights that are not those shipped. */
  weights?: string;
  layer?: string;
}

export interface OverviewSearch {
  since?: string;
  by?: BreakdownBy;
  metric?: Metric;
}

export interface RequestsSearch {
  since?: string;
  fromMs?: number;
  toMs?: number;
  service?: string;
  engine?: string;
  model?: string;
  tenant?: string;
  feature?: string;
  outcome?: Outcome;
  minE2eMs?: number;
  sort?: Sort;
  order?: 'asc';
  offset?: number;
}

export interface PlannerSearch {
  since?: string;
  service?: string;
  /** Doublings of the measured load, in halves: -4 (a quarter) to 8 (sixteen times). */
  halves?: number;
}

type Raw = Record<string, unknown>;

/** Copies what is set; `exactOptionalPropertyTypes` wants absent, not undefined. */
function present<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as T;
}

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((one) => one === value);

/** The router reads `?tenant=42` as a number; a label is a string all the same. */
const label = (value: unknown): string | undefined => {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= 256 ? text : undefined;
};

const number = (value: unknown, max: number): number | undefined => {
  const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof parsed === 'number' && parsed >= 0 && parsed <= max ? parsed : undefined;
};

const MAX_TIME_MS = 253_402_300_799_999;

/** Like the API's own durations; anything else means the default. */
const sinceOf = (value: unknown): string | undefined => {
  const text = typeof value === 'string' && /^\d{1,7}(\.\d{1,3})?[smhd]$/.test(value) ? value : '';
  return text === '' || text === DEFAULT_SINCE ? undefined : text;
};

export function parseWindowSearch(raw: Raw): WindowSearch {
  return present<WindowSearch>({ since: sinceOf(raw['since']) });
}

export function parseScoreSearch(raw: Raw): ScoreSearch {
  const search = { service: label(raw['service']), category: label(raw['category']) };
  return present<ScoreSearch>(search);
}

export function parseRoadmapSearch(raw: Raw): RoadmapSearch {
  const search = { service: label(raw['service']), role: oneOf(raw['role'], ROLES) };
  return present<RoadmapSearch>(search);
}

export function parseWhySearch(raw: Raw): WhySearch {
  return present<WhySearch>({ since: sinceOf(raw['since']), subject: label(raw['subject']) });
}

const MAX_OPEN = 16;

export function parseTracesSearch(raw: Raw): TracesSearch {
  const ids = typeof raw['open'] === 'string' ? raw['open'].split(',') : [];
  const known = ids.filter((id) => /^[0-9a-f-]{36}$/.test(id)).slice(0, MAX_OPEN);
  const open = known.length === 0 ? undefined : [...new Set(known)].join();
  return present<TracesSearch>({ since: sinceOf(raw['since']), open });
}

export function parseVendorsSearch(raw: Raw): VendorsSearch {
  return present<VendorsSearch>({ weights: label(raw['weights']), layer: label(raw['layer']) });
}

export function parseOverviewSearch(raw: Raw): OverviewSearch {
  const by = oneOf(raw['by'], ['tenant', 'feature', 'model'] as const);
  const metric = oneOf(raw['metric'], ['ttft', 'tpot', 'e2e'] as const);
  return present<OverviewSearch>({
    since: sinceOf(raw['since']),
    by: by === 'feature' ? undefined : by,
    metric: metric === 'e2e' ? undefined : metric,
  });
}

export function parseRequestsSearch(raw: Raw): RequestsSearch {
  const fromMs = number(raw['fromMs'], MAX_TIME_MS);
  const toMs = number(raw['toMs'], MAX_TIME_MS);
  const ranged = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
  const sort = oneOf(raw['sort'], SORTS);
  const offset = Math.floor(number(raw['offset'], MAX_OFFSET) ?? 0);
  const minE2eMs = number(raw['minE2eMs'], 86_400_000);
  return present<RequestsSearch>({
    since: ranged ? undefined : sinceOf(raw['since']),
    fromMs: ranged ? fromMs : undefined,
    toMs: ranged ? toMs : undefined,
    service: label(raw['service']),
    engine: label(raw['engine']),
    model: label(raw['model']),
    tenant: label(raw['tenant']),
    feature: label(raw['feature']),
    outcome: oneOf(raw['outcome'], OUTCOMES),
    minE2eMs: minE2eMs === 0 ? undefined : minE2eMs,
    sort: sort === 'startedAt' ? undefined : sort,
    order: oneOf(raw['order'], ['asc'] as const),
    offset: offset === 0 ? undefined : offset,
  });
}

const HALVES = { least: -4, most: 8 } as const;

export function parsePlannerSearch(raw: Raw): PlannerSearch {
  const halves = Math.round(Number(raw['halves'] ?? 0));
  const inRange = halves >= HALVES.least && halves <= HALVES.most && halves !== 0;
  return present<PlannerSearch>({
    since: sinceOf(raw['since']),
    service: label(raw['service']),
    halves: inRange ? halves : undefined,
  });
}

/** The question to the API that an address stands for. */
export function requestsAsk(search: RequestsSearch): RequestsAsk {
  const ranged = search.fromMs !== undefined;
  return {
    ...search,
    ...(ranged ? {} : { since: search.since ?? DEFAULT_SINCE }),
    sort: search.sort ?? 'startedAt',
    order: search.order ?? 'desc',
    limit: PAGE_SIZE,
    offset: search.offset ?? 0,
  };
}
