import type { Outcome, RequestRecord } from '../../records/request-record.ts';
import { emptyCell, type GroupKey } from '../ledger/cell-store.ts';
import type { Cell, EngineUse, Exemplar, LedgerReader, PartialSum } from '../ledger/ledger.ts';

/** One settled request as the tests of this folder write it; what is left out is unknown. */
export interface TestRequest {
  service?: string;
  engine?: string | null;
  model?: string;
  status?: number;
  outcome?: Outcome;
  tenant?: string;
  feature?: string;
  e2eMs?: number;
  ttftMs?: number | null;
  tpotMs?: number | null;
  queueMs?: number;
  gatewayMs?: number;
  retryMs?: number;
  engineQueueMs?: number | null;
  prefillMs?: number | null;
  decodeMs?: number | null;
  tokensIn?: number | null;
  tokensOut?: number | null;
  usageUsd?: number | null;
  acceleratorSeconds?: number | null;
  energyWh?: number | null;
  simulated?: boolean;
  usageEstimated?: boolean;
}

/** A LedgerReader that rolls requests up in memory, for tests only: same cells, no time, no disk. */
export function testingLedger(
  requests: readonly TestRequest[],
  uses: readonly EngineUse[] = [],
): LedgerReader {
  const refuse = (): never => {
    throw new Error('not part of the answers');
  };
  return {
    cells: async ({ by, service }) => cellsOf(requests, by, service),
    // There is no time here, so one step holds it all.
    series: async ({ window, by, service }) => [{ window, cells: cellsOf(requests, by, service) }],
    engineUse: async () => [...uses],
    requests: async () => ({ records: [] as RequestRecord[], total: 0 }),
    request: async () => null,
    exportParquet: refuse,
    health: refuse,
    close: async () => undefined,
  };
}

/** An engine's use over one hour, fully sampled. */
export function testingUse(some: Partial<EngineUse> = {}): EngineUse {
  return {
    engine: 'sim',
    window: { fromMs: 0, toMs: 3_600_000 },
    sampledMs: 3_600_000,
    upMs: 3_600_000,
    acceleratorSeconds: 3600,
    busyShare: 0.25,
    runningMean: 16,
    waitingMean: 0,
    batchLimit: 256,
    kvUsageShare: 0.1,
    preemptions: 0,
    energyWh: 200,
    simulated: true,
    ...some,
  };
}

function cellsOf(
  requests: readonly TestRequest[],
  by: 'engine-model-status' | 'feature' | 'tenant',
  service: string | undefined,
): Cell[] {
  const cells = new Map<string, Cell>();
  for (const one of requests) {
    if (service !== undefined && (one.service ?? 'chat') !== service) continue;
    const cell: Cell = emptyCell(groupOf(one, by));
    const { service: name, engine, model, status, feature, tenant } = cell;
    const key = JSON.stringify([name, engine, model, status, feature, tenant]);
    const known = cells.get(key) ?? cell;
    cells.set(key, known);
    addTo(known, one);
  }
  return [...cells.values()];
}

function groupOf(one: TestRequest, by: string): GroupKey {
  const split = by === 'engine-model-status';
  const engine = one.engine === undefined ? 'sim' : one.engine;
  return {
    service: one.service ?? 'chat',
    engine: split ? engine : null,
    model: split ? (one.model ?? 'llama-3.1-8b') : null,
    status: split ? (one.status ?? 200) : null,
    feature: by === 'feature' ? (one.feature ?? null) : null,
    tenant: by === 'tenant' ? (one.tenant ?? null) : null,
  };
}

function addTo(cell: Cell, one: TestRequest): void {
  const outcome = one.outcome ?? 'success';
  cell.requests += 1;
  cell.outcomes[outcome] = (cell.outcomes[outcome] ?? 0) + 1;
  if ((one.retryMs ?? 0) > 0) cell.retriedRequests += 1;
  if (one.simulated === true) cell.simulatedRequests += 1;
  if (one.usageEstimated === true) cell.estimatedUsageRequests += 1;
  addPart(cell.tokensIn, one.tokensIn);
  addPart(cell.tokensCachedIn, null);
  addPart(cell.tokensOut, one.tokensOut);
  addPart(cell.usageUsd, one.usageUsd);
  addPart(cell.acceleratorSeconds, one.acceleratorSeconds);
  addPart(cell.energyWh, one.energyWh);
  const exemplar = exemplarOf(one, cell.requests);
  cell.e2e.add(exemplar.e2eMs);
  if (exemplar.ttftMs !== null) cell.ttft.add(exemplar.ttftMs);
  if (one.tpotMs !== undefined && one.tpotMs !== null) cell.tpot.add(one.tpotMs);
  cell.slowest.push(exemplar);
  cell.slowest.sort((a, b) => b.e2eMs - a.e2eMs);
}

function exemplarOf(one: TestRequest, n: number): Exemplar {
  return {
    id: `request-${n}`,
    e2eMs: one.e2eMs ?? 100,
    ttftMs: one.ttftMs ?? null,
    queueMs: one.queueMs ?? 0,
    gatewayMs: one.gatewayMs ?? 0,
    retryMs: one.retryMs ?? 0,
    engineQueueMs: one.engineQueueMs ?? null,
    prefillMs: one.prefillMs ?? null,
    decodeMs: one.decodeMs ?? null,
  };
}

function addPart(sum: PartialSum, value: number | null | undefined): void {
  if (value === null || value === undefined) sum.unknownCount += 1;
  else sum.sum += value;
}
