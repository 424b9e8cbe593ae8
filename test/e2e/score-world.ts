import { disciplinedLogbook, DRILL_MS, drillTimes, LOAD_MS } from './score-logbook.ts';
import { createMemoryLedger } from '../../src/api/memory-ledger.ts';
import { configSchema, type Config } from '../../src/config/schema.ts';
import type {
  AccountFact,
  EvidenceSources,
  PlanFact,
  ProbeFact,
  ResourceFact,
} from '../../src/govern/evidence/evidence-sources.ts';
import { memoryLogbook } from '../../src/govern/logbook/logbook.ts';
import { computeAnswers } from '../../src/measure/answers/compute-answers.ts';
import type { Clock } from '../../src/records/clock.ts';
import type { LogbookEntry } from '../../src/records/logbook-entry.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import type { ResourceMetric } from '../../src/records/resource-sample.ts';
import { testingRecord } from '../../src/records/testing-record.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Days that the world looks back; the criteria's windows are cut to it. */
export const WINDOW_DAYS = 1;
const PER_HOUR = 60;
const MODEL = 'llama-3.1-8b';

/** A disciplined shop, and every way in which it can fall short. Each is a cause, not a verdict. */
export interface World {
  devices: Array<{
    id: string;
    knownShare: number;
    smActive: number;
    hasPower: boolean;
    limits: [number, number];
  }>;
  upShare: number;
  busyShare: number;
  /** Every n-th record has no energy; 0: all have. */
  noEnergyEvery: number;
  /** Hours, counted back from now, in which every reply was slow. */
  slowHours: number;
  /** Quarters of an hour, in one piece, in which everything failed. */
  outageQuarters: number;
  hasTpot: boolean;
  /** Between the requests of the load test. */
  loadGapMs: number;
  /** Who served in the drill in which `a` was to fail. */
  failedEngine: string;
  /** How many times slower replies were in the drill. */
  slowdown: number;
  ownedKeyShare: number;
  /** Dollars an hour of an engine that no service is routed to; 0: there is none. */
  looseUsdPerHour: number;
  config: (config: Record<string, unknown>) => void;
  plans: PlanFact[];
  probes: ProbeFact[];
  account: AccountFact;
  vendorGrade: number;
  logbook: LogbookEntry[];
  keys: Array<{ admin: boolean; revokedAtMs: number | null }>;
}

export function disciplinedWorld(nowMs: number): World {
  return {
    devices: [0, 1, 2, 3].map((i) => ({
      id: `GPU-${i}`,
      knownShare: 1,
      smActive: 0.7,
      hasPower: true,
      limits: [500, 700],
    })),
    upShare: 1,
    busyShare: 0.95,
    noEnergyEvery: 0,
    slowHours: 0,
    outageQuarters: 0,
    hasTpot: true,
    loadGapMs: 500,
    failedEngine: 'b',
    slowdown: 2,
    ownedKeyShare: 1,
    looseUsdPerHour: 0,
    config: () => {},
    plans: [
      { id: 'p1', kind: 'search', endedAtMs: nowMs - HOUR_MS, fits: null },
      { id: 'p2', kind: 'facility', endedAtMs: nowMs - HOUR_MS, fits: true },
    ],
    probes: ['memory', 'network', 'storage'].map((kind) => ({
      kind,
      atMs: nowMs - HOUR_MS,
      hostname: 'node-1',
      figures: { rate: 90 },
    })),
    logbook: disciplinedLogbook(nowMs),
    account: {
      lostAttributedShare: 0.97,
      training: {
        dataStallShare: 0.02,
        goodputShare: 0.97,
        explainedShare: 0.99,
        simulated: false,
      },
      simulated: false,
    },
    vendorGrade: 2.5,
    keys: [
      { admin: true, revokedAtMs: null },
      { admin: false, revokedAtMs: null },
    ],
  };
}

/** What the collectors see of a world at a time. */
export function sourcesOf(world: World, clock: Clock): EvidenceSources {
  const nowMs = clock.wallMs();
  const config = configOf(world);
  const ledger = createMemoryLedger();
  ledger.add(recordsOf(world, nowMs));
  void ledger.addSamples(samplesOf(world, nowMs, config));
  return {
    ledger,
    config: () => config,
    clock,
    computeAnswers,
    keys: () => world.keys,
    resources: ({ metrics }) => ({ series: seriesOf(world, metrics) }),
    plans: () => world.plans,
    probes: async () => world.probes,
    logbook: memoryLogbook(world.logbook),
    account: async () => world.account,
    vendors: async () => ({ meanGrade: world.vendorGrade, count: 2, atMs: nowMs }),
  };
}

function configOf(world: World): Config {
  const hardware = (count: number) => ({ accelerator: 'h100-sxm', count, model: MODEL });
  const cost = { basis: 'rented', usdPerAcceleratorHour: 2 };
  const engine = (name: string, count: number) => ({
    name,
    url: 'http://127.0.0.1:9/v1',
    hardware: hardware(count),
    cost,
  });
  const loose = {
    ...engine('loose', 1),
    hardware: undefined,
    cost: { basis: 'rented', usdPerAcceleratorHour: world.looseUsdPerHour },
  };
  const raw: Record<string, unknown> = {
    services: [
      {
        name: 'chat',
        owner: 'ada',
        models: [MODEL],
        route: 'chat',
        slo: { e2eMs: { p95: 1000 }, availability: 0.99, queueMs: 100 },
        budgetUsdPerMonth: 10_000,
        onCall: { people: ['ada', 'bob'], webhook: 'http://127.0.0.1:9/alerts' },
      },
    ],
    routes: [{ name: 'chat', engines: [{ engine: 'a' }], fallback: ['b'] }],
    engines: [
      engine('a', 2),
      engine('b', 2),
      ...(world.looseUsdPerHour > 0 ? [{ ...loose, hardware: hardware(1) }] : []),
    ],
  };
  raw['probes'] = {
    reference: { 'memory.rate': 100, 'network.rate': 100, 'storage.rate': 100 },
  };
  world.config(raw);
  return configSchema.parse(raw);
}

function recordsOf(world: World, nowMs: number): RequestRecord[] {
  const count = WINDOW_DAYS * 24 * PER_HOUR;
  const gapMs = HOUR_MS / PER_HOUR;
  const usual = Array.from({ length: count }, (_, i) => {
    // Oldest first; the last one ends just before now.
    const startedAtMs = nowMs - (count - i) * gapMs;
    const ageMs = nowMs - startedAtMs;
    const isSlow = ageMs <= world.slowHours * HOUR_MS;
    const failedFromMs = 10 * HOUR_MS;
    const isFailed =
      ageMs <= failedFromMs && ageMs > failedFromMs - world.outageQuarters * (HOUR_MS / 4);
    const record = recordAt(startedAtMs, world, { i, isSlow, isFailed });
    return inDrill(startedAtMs, nowMs) ? { ...record, engine: world.failedEngine } : record;
  });
  return [...usual, ...drillRecords(world, nowMs)];
}

const inDrill = (ms: number, nowMs: number): boolean => {
  const { failure } = drillTimes(nowMs);
  return ms >= failure && ms < failure + DRILL_MS;
};

/** What the drills and the load test of the logbook left in the ledger. */
function drillRecords(world: World, nowMs: number): RequestRecord[] {
  const at = drillTimes(nowMs);
  const run = (fromMs: number, lengthMs: number, gapMs: number): number[] =>
    Array.from({ length: lengthMs / gapMs }, (_, k) => fromMs + k * gapMs);
  const plain = { i: 1, isSlow: false, isFailed: false };
  return [
    ...run(at.load, LOAD_MS, world.loadGapMs).map((ms, i) => recordAt(ms, world, { ...plain, i })),
    ...run(at.failure, DRILL_MS, 15_000).map((ms) =>
      Object.assign(recordAt(ms, world, plain), { engine: world.failedEngine }),
    ),
    ...run(at.slow, DRILL_MS, 15_000).map((ms) => slowed(recordAt(ms, world, plain), world)),
    ...run(at.slow - DRILL_MS, DRILL_MS, 15_000).map((ms) => recordAt(ms, world, plain)),
  ];
}

/** Slower, but within the objective: a drill need not break it for an hour. */
const slowed = (record: RequestRecord, { slowdown }: World): RequestRecord => ({
  ...record,
  latency: { ...record.latency, e2eMs: record.latency.e2eMs * slowdown },
});

function recordAt(
  startedAtMs: number,
  world: World,
  { i, isSlow, isFailed }: { i: number; isSlow: boolean; isFailed: boolean },
): RequestRecord {
  const e2eMs = isSlow ? 5000 : 400 + (i % 100);
  const hasEnergy = world.noEnergyEvery === 0 || i % world.noEnergyEvery !== 0;
  const base = testingRecord({ startedAtMs });
  return {
    ...base,
    endedAtMs: startedAtMs + e2eMs,
    service: 'chat',
    route: 'chat',
    engine: 'a',
    modelAsked: MODEL,
    modelServed: MODEL,
    keyId: (i % 100) / 100 < world.ownedKeyShare ? 'k1' : null,
    outcome: isFailed ? 'upstream_error' : 'success',
    status: isFailed ? 502 : 200,
    latency: {
      ...base.latency,
      e2eMs,
      ttftMs: e2eMs / 5,
      tpotMeanMs: world.hasTpot ? 8 : null,
    },
    tokens: { in: 100, cachedIn: 0, cacheWrite: 0, out: 50, reasoning: 0 },
    cost: { kind: 'rented', usageUsd: 0.0001, acceleratorSeconds: 0.18, basis: 'modelled' },
    energy: { energyWh: hasEnergy ? 0.1 : null, basis: hasEnergy ? 'measured' : 'unknown' },
    simulated: false,
  };
}

function samplesOf(world: World, nowMs: number, config: Config) {
  const fromMs = nowMs - WINDOW_DAYS * DAY_MS;
  const wholeS = (WINDOW_DAYS * DAY_MS) / 1000;
  return config.engines.map((engine) => ({
    engine: engine.name,
    fromMs,
    toMs: fromMs + world.upShare * (nowMs - fromMs),
    up: true,
    acceleratorSeconds: wholeS * (engine.hardware?.count ?? 1),
    busyShare: world.busyShare,
    runningMean: 100,
    waitingMean: 0,
    batchLimit: 128,
    kvUsageShare: 0.5,
    preemptions: 0,
    energyWh: 1000,
    basis: 'measured' as const,
    simulated: false,
  }));
}

function seriesOf(world: World, metrics: readonly ResourceMetric[]): ResourceFact[] {
  return world.devices.flatMap((device) =>
    metrics.flatMap((metric): ResourceFact[] => {
      const value = valueOf(device, metric);
      if (value === null) return [];
      const [min, max] = metric === 'powerLimitW' ? device.limits : [value, value];
      const subject = {
        kind: 'accelerator' as const,
        id: device.id,
        node: 'node-1',
        index: null,
        model: 'H100',
      };
      const points = [{ knownMs: device.knownShare * DAY_MS, mean: value, min, max }];
      return [{ subject, metric, knownShare: device.knownShare, points }];
    }),
  );
}

function valueOf(device: World['devices'][number], metric: ResourceMetric): number | null {
  switch (metric) {
    case 'kernelShare':
      return 0.9;
    case 'smActiveShare':
      return device.smActive;
    case 'powerW':
      return device.hasPower ? 550 : null;
    case 'powerLimitW':
      return 600;
    default:
      return null;
  }
}
