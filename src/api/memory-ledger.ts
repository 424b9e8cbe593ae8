import { DuckDBInstance } from '@duckdb/node-api';
import type { EngineSample } from '../records/engine-sample.ts';
import type { RequestRecord } from '../records/request-record.ts';
import type {
  Cell,
  EngineUse,
  LedgerReader,
  PartialSum,
  RequestQuery,
  Window,
} from '../measure/ledger/ledger.ts';
import { createSketch } from '../measure/sketch/create-sketch.ts';
import type { Sketch } from '../measure/sketch/sketch.ts';

/** A LedgerReader over an array, for tests of the API only: the same answers, no disk, no speed. */
export interface MemoryLedger extends LedgerReader {
  add(records: readonly RequestRecord[]): void;
  addSamples(samples: readonly EngineSample[]): Promise<void>;
}

export function createMemoryLedger(): MemoryLedger {
  const records: RequestRecord[] = [];
  const samples: EngineSample[] = [];
  const select = (query: Partial<RequestQuery> & { window: Window }): RequestRecord[] =>
    records.filter((one) => matches(one, query));
  return {
    add: (more) => void records.push(...more),
    addSamples: async (more) => void samples.push(...more),
    cells: async ({ window, by, service }) => cellsOf(select(given(window, service)), by),
    series: async ({ window, by, service, stepMs }) =>
      stepsOf(window, stepMs).map((step) => ({
        window: step,
        cells: cellsOf(select(given(step, service)), by),
      })),
    engineUse: async (window) =>
      samples.filter((one) => isIn(one.fromMs, window)).map((one) => useOf(one, window)),
    requests: async (query) => page(select(query), query),
    request: async (id) => records.find((one) => one.id === id) ?? null,
    exportParquet: async (window, path) => writeParquet(select({ window }), path),
    health: async () => ({
      recordsTotal: records.length,
      bufferRows: records.length,
      segments: 0,
      segmentBytes: 0,
      journalLagBytes: 0,
      newestRecordMs: records.at(-1)?.startedAtMs ?? null,
      lostRecords: 0,
      corruptFrames: 0,
      duplicateRecords: 0,
      diskFull: false,
      lastError: null,
    }),
    close: async () => undefined,
  };
}

const given = (window: Window, service: string | undefined) =>
  service === undefined ? { window } : { window, service };

const isIn = (timeMs: number, { fromMs, toMs }: Window): boolean =>
  timeMs >= fromMs && timeMs < toMs;

function matches(one: RequestRecord, query: Partial<RequestQuery> & { window: Window }): boolean {
  const is = <T>(asked: T | undefined, value: T | null): boolean =>
    asked === undefined || asked === value;
  return (
    isIn(one.startedAtMs, query.window) &&
    is(query.service, one.service) &&
    is(query.engine, one.engine) &&
    is(query.model, one.modelServed) &&
    is(query.tenant, one.tenant) &&
    is(query.feature, one.feature) &&
    is(query.outcome, one.outcome) &&
    one.latency.e2eMs >= (query.minE2eMs ?? 0)
  );
}

const SORT_VALUE: Readonly<Record<RequestQuery['sort'], (one: RequestRecord) => number | null>> = {
  startedAt: (one) => one.startedAtMs,
  e2e: (one) => one.latency.e2eMs,
  ttft: (one) => one.latency.ttftMs,
  cost: (one) => one.cost.usageUsd,
  tokensOut: (one) => one.tokens.out,
};

function page(found: RequestRecord[], query: RequestQuery) {
  const value = SORT_VALUE[query.sort];
  const sign = query.descending ? -1 : 1;
  const sorted = found.toSorted((a, b) => ((value(a) ?? 0) - (value(b) ?? 0)) * sign);
  const records = sorted.slice(query.offset, query.offset + query.limit);
  return { records, total: found.length };
}

function stepsOf({ fromMs, toMs }: Window, stepMs: number): Window[] {
  const firstMs = Math.floor(fromMs / stepMs) * stepMs;
  const count = Math.ceil((toMs - firstMs) / stepMs);
  return Array.from({ length: count }, (_, i) => ({
    fromMs: firstMs + i * stepMs,
    toMs: firstMs + (i + 1) * stepMs,
  }));
}

function cellsOf(found: readonly RequestRecord[], by: string): Cell[] {
  const groups = new Map<string, RequestRecord[]>();
  for (const one of found) {
    const group =
      by === 'feature'
        ? [one.feature]
        : by === 'tenant'
          ? [one.tenant]
          : [one.engine, one.modelServed, one.status];
    const key = JSON.stringify([one.service, ...group]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()].map((group) => cellOf(group, by));
}

function cellOf(group: readonly RequestRecord[], by: string): Cell {
  const first = group[0];
  const isSplit = by === 'engine-model-status';
  const outcomes: Cell['outcomes'] = {};
  for (const { outcome } of group) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    service: first?.service ?? '',
    engine: isSplit ? (first?.engine ?? null) : null,
    model: isSplit ? (first?.modelServed ?? null) : null,
    status: isSplit ? (first?.status ?? null) : null,
    feature: by === 'feature' ? (first?.feature ?? null) : null,
    tenant: by === 'tenant' ? (first?.tenant ?? null) : null,
    requests: group.length,
    outcomes,
    retriedRequests: group.filter((one) => one.attempts.length > 1).length,
    simulatedRequests: group.filter((one) => one.simulated).length,
    estimatedUsageRequests: group.filter((one) => one.usageSource === 'estimated').length,
    tokensIn: sumOf(group.map((one) => one.tokens.in)),
    tokensCachedIn: sumOf(group.map((one) => one.tokens.cachedIn)),
    tokensOut: sumOf(group.map((one) => one.tokens.out)),
    usageUsd: sumOf(group.map((one) => one.cost.usageUsd)),
    acceleratorSeconds: sumOf(group.map((one) => one.cost.acceleratorSeconds)),
    energyWh: sumOf(group.map((one) => one.energy.energyWh)),
    ttft: sketchOf(group.map((one) => one.latency.ttftMs)),
    tpot: sketchOf(group.map((one) => one.latency.tpotMeanMs)),
    e2e: sketchOf(group.map((one) => one.latency.e2eMs)),
    slowest: [],
  };
}

function sumOf(values: ReadonlyArray<number | null>): PartialSum {
  const known = values.filter((value) => value !== null);
  return {
    sum: known.reduce((sum, value) => sum + value, 0),
    unknownCount: values.length - known.length,
  };
}

function sketchOf(values: ReadonlyArray<number | null>): Sketch {
  const sketch = createSketch();
  for (const value of values) if (value !== null) sketch.add(value);
  return sketch;
}

function useOf(sample: EngineSample, window: Window): EngineUse {
  const { up, fromMs, toMs, basis: _, ...use } = sample;
  const sampledMs = toMs - fromMs;
  return { ...use, window, sampledMs, upMs: up ? sampledMs : 0 };
}

async function writeParquet(found: readonly RequestRecord[], path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('CREATE TABLE records (id VARCHAR, started_at_ms DOUBLE)');
  for (const { id, startedAtMs } of found) {
    await connection.run('INSERT INTO records VALUES ($1, $2)', [id, startedAtMs]);
  }
  await connection.run(`COPY records TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return found.length;
}
