import type { RequestRecord } from '../../records/request-record.ts';
import { createSketch, type ExponentialSketch } from '../sketch/create-sketch.ts';
import type { Cell, Exemplar, Grouping, PartialSum } from './ledger.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const exemplarsPerCell = 8;
export const groupings: readonly Grouping[] = ['engine-model-status', 'feature', 'tenant'];

/** A cell whose sketches are of the concrete kind, so that they can be stored. */
export interface StoredCell extends Cell {
  ttft: ExponentialSketch;
  tpot: ExponentialSketch;
  e2e: ExponentialSketch;
}

/** Names of a group: what a grouping does not split by is null. */
export type GroupKey = Pick<Cell, 'service' | 'engine' | 'model' | 'status' | 'feature' | 'tenant'>;

export function groupKey(by: Grouping, record: RequestRecord): GroupKey {
  const key: GroupKey = {
    service: record.service ?? '',
    engine: null,
    model: null,
    status: null,
    feature: null,
    tenant: null,
  };
  if (by === 'feature') key.feature = record.feature;
  else if (by === 'tenant') key.tenant = record.tenant;
  else {
    key.engine = record.engine;
    key.model = record.modelServed ?? record.modelAsked;
    key.status = record.status;
  }
  return key;
}

type Name = string | number | null;

/** What `groupKey` splits by, in order. */
function namesOf(by: Grouping, record: RequestRecord): readonly Name[] {
  const service = record.service ?? '';
  if (by === 'feature') return [service, record.feature];
  if (by === 'tenant') return [service, record.tenant];
  return [service, record.engine, record.modelServed ?? record.modelAsked, record.status];
}

/** Cells by their names, one level each: finding one makes no text, which a record needs for three groupings. */
class CellTree {
  readonly #root: Branch = { next: new Map(), cell: null };
  size = 0;

  find(names: readonly Name[]): StoredCell | null {
    let branch: Branch | undefined = this.#root;
    for (const name of names) branch = branch?.next.get(name);
    return branch?.cell ?? null;
  }

  put(names: readonly Name[], cell: StoredCell): void {
    let branch = this.#root;
    for (const name of names) {
      let next = branch.next.get(name);
      if (next === undefined) branch.next.set(name, (next = { next: new Map(), cell: null }));
      branch = next;
    }
    branch.cell = cell;
    this.size += 1;
  }
}

interface Branch {
  next: Map<Name, Branch>;
  cell: StoredCell | null;
}

export const keyText = (key: GroupKey): string =>
  JSON.stringify([key.service, key.engine, key.model, key.status, key.feature, key.tenant]);

const noSum = (): PartialSum => ({ sum: 0, unknownCount: 0 });

/** What a cell holds before its first record. */
export const noFacts = (): Omit<StoredCell, keyof GroupKey> => ({
  requests: 0,
  outcomes: {},
  retriedRequests: 0,
  simulatedRequests: 0,
  estimatedUsageRequests: 0,
  tokensIn: noSum(),
  tokensCachedIn: noSum(),
  tokensOut: noSum(),
  usageUsd: noSum(),
  acceleratorSeconds: noSum(),
  energyWh: noSum(),
  ttft: createSketch(),
  tpot: createSketch(),
  e2e: createSketch(),
  slowest: [],
});

export const emptyCell = (key: GroupKey): StoredCell => ({
  service: key.service,
  engine: key.engine,
  model: key.model,
  status: key.status,
  feature: key.feature,
  tenant: key.tenant,
  ...noFacts(),
});

function addTo(sum: PartialSum, value: number | null): void {
  if (value === null) sum.unknownCount += 1;
  else sum.sum += value;
}

/** Counts one record. Latencies are those of replies (status below 400): a quick refusal is no quick answer. */
export function addRecord(cell: StoredCell, record: RequestRecord): void {
  const { latency, tokens } = record;
  cell.requests += 1;
  cell.outcomes[record.outcome] = (cell.outcomes[record.outcome] ?? 0) + 1;
  if (record.attempts.length > 1) cell.retriedRequests += 1;
  if (record.simulated) cell.simulatedRequests += 1;
  if (record.usageSource === 'estimated') cell.estimatedUsageRequests += 1;
  addTo(cell.tokensIn, tokens.in);
  addTo(cell.tokensCachedIn, tokens.cachedIn);
  addTo(cell.tokensOut, tokens.out);
  addTo(cell.usageUsd, record.cost.usageUsd);
  addTo(cell.acceleratorSeconds, record.cost.acceleratorSeconds);
  addTo(cell.energyWh, record.energy.energyWh);
  if (record.status >= 400) return;
  if (latency.ttftMs !== null) cell.ttft.add(latency.ttftMs);
  if (latency.tpotMeanMs !== null) cell.tpot.add(latency.tpotMeanMs);
  cell.e2e.add(latency.e2eMs);
}

/** Cells of one record share its exemplar, which most records never need. */
export function noteSlow(
  cell: StoredCell,
  record: RequestRecord,
  made: Exemplar | null,
): Exemplar | null {
  const { slowest } = cell;
  const { e2eMs } = record.latency;
  const isFull = slowest.length >= exemplarsPerCell;
  if (record.status >= 400 || (isFull && e2eMs <= (slowest.at(-1)?.e2eMs ?? 0))) return made;
  const one = made ?? exemplarOf(record);
  let at = isFull ? slowest.length - 1 : slowest.length;
  for (
    let left = slowest[at - 1];
    left !== undefined && left.e2eMs < e2eMs;
    left = slowest[at - 1]
  ) {
    slowest[at] = left;
    at -= 1;
  }
  slowest[at] = one;
  return one;
}

const exemplarOf = ({ id, latency }: RequestRecord): Exemplar => ({
  id,
  e2eMs: latency.e2eMs,
  ttftMs: latency.ttftMs,
  queueMs: latency.queueMs,
  gatewayMs: latency.gatewayMs,
  retryMs: latency.retryMs,
  engineQueueMs: latency.engineQueueMs,
  prefillMs: latency.prefillMs,
  decodeMs: latency.decodeMs,
});

function addSum(into: PartialSum, from: PartialSum): void {
  into.sum += from.sum;
  into.unknownCount += from.unknownCount;
}

/** `slowestMax`: a cell over many minutes may keep the slowest of each. */
export function mergeCell(into: StoredCell, from: StoredCell, slowestMax = exemplarsPerCell): void {
  mergeFacts(into, from);
  into.slowest = slowestOf(into.slowest, from.slowest, slowestMax);
}

/** All of a cell but its slowest requests. */
export function mergeFacts(into: StoredCell, from: StoredCell): void {
  into.requests += from.requests;
  for (const outcome in from.outcomes) {
    const name = outcome as keyof Cell['outcomes'];
    into.outcomes[name] = (into.outcomes[name] ?? 0) + (from.outcomes[name] ?? 0);
  }
  into.retriedRequests += from.retriedRequests;
  into.simulatedRequests += from.simulatedRequests;
  into.estimatedUsageRequests += from.estimatedUsageRequests;
  addSum(into.tokensIn, from.tokensIn);
  addSum(into.tokensCachedIn, from.tokensCachedIn);
  addSum(into.tokensOut, from.tokensOut);
  addSum(into.usageUsd, from.usageUsd);
  addSum(into.acceleratorSeconds, from.acceleratorSeconds);
  addSum(into.energyWh, from.energyWh);
  into.ttft.merge(from.ttft);
  into.tpot.merge(from.tpot);
  into.e2e.merge(from.e2e);
}

/** The slowest `max` of two lists, each slowest first; neither is changed. */
function slowestOf(a: Exemplar[], b: Exemplar[], max: number): Exemplar[] {
  const [worst] = b;
  const least = a[max - 1];
  if (worst === undefined || (least !== undefined && worst.e2eMs <= least.e2eMs)) return a;
  const all: Exemplar[] = [];
  for (let i = 0, j = 0; all.length < max;) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && (right === undefined || left.e2eMs >= right.e2eMs)) {
      all.push(left);
      i += 1;
    } else if (right !== undefined) {
      all.push(right);
      j += 1;
    } else break;
  }
  return all;
}

/** Cells of one grouping by group. */
export type CellMap = Map<string, StoredCell>;

/** Stands for all groups beyond a bound. */
export const otherName = 'other';

/**
 * Most groups in one map of cells. Model names and features come from clients, so without a bound
 * any client could fill the memory.
 */
export const groupsMax = 1000;

/**
 * The group of a key in a map of at most about `max` groups: beyond, model, feature or tenant is
 * `other`. What reached no engine has a quarter of the room: made-up model names crowd out no real one.
 */
export function boundedKey(by: Grouping, map: CellMap, key: GroupKey, max: number): GroupKey {
  const isUnrouted = by === 'engine-model-status' && key.engine === null;
  if (map.size < (isUnrouted ? max / 4 : max) || map.has(keyText(key))) return key;
  return foldedKey(by, key);
}

export function foldedKey(by: Grouping, key: GroupKey): GroupKey {
  const { service, engine, model, status, feature, tenant } = key;
  const folded: GroupKey = { service, engine, model, status, feature, tenant };
  if (by === 'tenant') folded.tenant = otherName;
  else if (by === 'feature') folded.feature = otherName;
  else folded.model = otherName;
  return folded;
}

export function cellIn(map: CellMap, key: GroupKey): StoredCell {
  const text = keyText(key);
  let cell = map.get(text);
  if (cell === undefined) {
    cell = emptyCell(key);
    map.set(text, cell);
  }
  return cell;
}

/** Cells of the records that are not sealed yet, by grouping and minute. */
export class MinuteCells {
  readonly #tenantsMax: number;
  readonly #byGrouping = new Map<Grouping, Map<number, CellMap>>(
    groupings.map((by) => [by, new Map()]),
  );

  /** Groups of the minute that the last record belongs to. */
  #met = new Map<Grouping, CellTree>();
  #metMinute = Number.NaN;

  /** Beyond `tenantsMax` tenants in one minute, the rest count as `other`. */
  constructor(tenantsMax: number) {
    this.#tenantsMax = tenantsMax;
  }

  add(record: RequestRecord): void {
    const minute = Math.floor(record.startedAtMs / minuteMs) * minuteMs;
    let exemplar: Exemplar | null = null;
    for (const by of groupings) {
      const cell = this.#cellFor(by, minute, record);
      addRecord(cell, record);
      exemplar = noteSlow(cell, record, exemplar);
    }
  }

  /** The usual record's group has been met in its minute; then no key is made at all. */
  #cellFor(by: Grouping, minute: number, record: RequestRecord): StoredCell {
    if (minute !== this.#metMinute) {
      this.#metMinute = minute;
      this.#met = new Map(groupings.map((one) => [one, new CellTree()]));
    }
    const met = this.#met.get(by);
    const names = namesOf(by, record);
    const known = met?.find(names) ?? null;
    if (known !== null) return known;
    const map = this.#cellsOf(by, minute);
    const max = by === 'tenant' ? this.#tenantsMax : groupsMax;
    const cell = cellIn(map, boundedKey(by, map, groupKey(by, record), max));
    if (met !== undefined && met.size < max) met.put(names, cell);
    return cell;
  }

  minutes(by: Grouping): ReadonlyMap<number, CellMap> {
    return this.#byGrouping.get(by) ?? new Map();
  }

  #cellsOf(by: Grouping, minute: number): CellMap {
    const minutes = this.#byGrouping.get(by) ?? new Map<number, CellMap>();
    let map = minutes.get(minute);
    if (map === undefined) {
      map = new Map();
      minutes.set(minute, map);
    }
    return map;
  }
}
