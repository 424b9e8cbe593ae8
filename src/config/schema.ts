import { z } from 'zod';
import { engineDialect } from '../records/request-record.ts';
import { kubernetesShape, slurmShape } from './cluster-schema.ts';
import { jobShape } from './job-schema.ts';
import { sourceConfig, telemetryConfig } from './source-schema.ts';
import { tracesConfig } from './traces-schema.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'a name: letters, digits, ".", "_", "-", at most 63');
const positiveMs = z.number().positive().max(86_400_000);
const share = z.number().min(0).max(1);

/** p95/p99 target of one latency metric, milliseconds. Absent means no target was set. */
const percentileTarget = z.strictObject({
  p95: positiveMs.optional(),
  p99: positiveMs.optional(),
});

export const serviceConfig = z.strictObject({
  name: name.describe('The capability, as people call it.'),
  owner: z.string().min(1).describe('Person or team that answers for it.'),
  feature: z.string().min(1).optional().describe('Product feature that cost is charged to.'),
  models: z
    .array(z.string().min(1))
    .min(1)
    .describe('Model names that clients may ask for; the first is the default.'),
  route: name.describe('Name of the route that serves it.'),
  slo: z
    .strictObject({
      ttftMs: percentileTarget.optional(),
      tpotMs: percentileTarget.optional(),
      e2eMs: percentileTarget.optional(),
      availability: share.optional().describe('Share of requests that must succeed, e.g. 0.999.'),
      queueMs: positiveMs
        .optional()
        .describe('What nine of ten requests may wait inside Tailrace, milliseconds.'),
    })
    .prefault({}),
  budgetUsdPerMonth: z
    .number()
    .positive()
    .optional()
    .describe('Alerts at 50, 80 and 100 % of it, in a calendar month (UTC).'),
  onCall: z
    .strictObject({
      people: z.array(z.string().min(1)).min(1).max(50).describe('In the order they are called.'),
      webhook: z
        .url({ protocol: /^https?$/ })
        .describe('Alerts are posted here as JSON; use ${ENV} or ${file:...} for a secret URL.'),
    })
    .optional()
    .describe('Who is told when an alert is raised.'),
  store: z
    .strictObject({
      prompts: z.boolean().default(false),
      outputs: z.boolean().default(false),
      maxBytes: z.int().min(0).max(1_048_576).default(16_384),
      redact: z
        .array(z.string())
        .default([])
        .describe('Regular expressions whose matches are replaced before anything is written.'),
    })
    .prefault({}),
});

export const routeConfig = z.strictObject({
  name,
  engines: z
    .array(
      z.strictObject({
        engine: name,
        weight: z.number().min(0).max(1000).default(1),
        model: z
          .string()
          .optional()
          .describe('Model name to ask this engine for; default: what the client asked.'),
      }),
    )
    .min(1),
  policy: z.enum(['weighted', 'least-outstanding']).default('weighted'),
  fallback: z
    .array(name)
    .default([])
    .describe('Engines tried in order when all of `engines` failed.'),
  retries: z
    .strictObject({
      maxAttempts: z.int().min(1).max(8).default(3),
      budgetPercent: z
        .number()
        .min(0)
        .max(100)
        .default(20)
        .describe('Retries allowed as a share of requests.'),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      connectMs: positiveMs.default(2_000),
      ttftMs: positiveMs.default(60_000),
      interTokenMs: positiveMs.default(30_000),
      totalMs: positiveMs.default(600_000),
    })
    .prefault({}),
  limits: z
    .strictObject({
      maxInFlight: z.int().min(1).max(100_000).default(1024).describe('Per gateway worker.'),
      maxQueue: z.int().min(0).max(100_000).default(1024).describe('Per gateway worker.'),
      queueTimeoutMs: positiveMs.default(10_000),
    })
    .prefault({}),
});

export const costConfig = z.discriminatedUnion('basis', [
  z.strictObject({
    basis: z.literal('api'),
    provider: z
      .string()
      .optional()
      .describe('Provider id of the price catalog; default: matched by the engine URL.'),
  }),
  z.strictObject({
    basis: z.literal('rented'),
    usdPerAcceleratorHour: z.number().nonnegative(),
  }),
  z.strictObject({
    basis: z.literal('owned'),
    capexUsdPerAccelerator: z.number().positive(),
    lifeYears: z.number().positive().max(30),
    ratePercent: z.number().min(0).max(100),
    powerKwPerAccelerator: z.number().positive(),
    pue: z.number().min(1).max(5),
    tariffUsdPerKwh: z.number().nonnegative(),
    hostingUsdPerAcceleratorHour: z.number().nonnegative().default(0),
  }),
]);

export const hardwareConfig = z.strictObject({
  accelerator: z.string().describe('Accelerator id of the catalog, e.g. h100-sxm.'),
  count: z.int().min(1).max(100_000).default(1),
  tensorParallel: z.int().min(1).max(1024).default(1),
  quantization: z.enum(['bf16', 'fp8', 'int8', 'int4', 'fp4']).default('bf16'),
  model: z.string().describe('Model id of the catalog, e.g. llama-3.1-8b.'),
});

/** Faults that a simulated engine shows on demand, for tests and drills. Rates are shares of requests. */
export const faultConfig = z.strictObject({
  errorRate: share.default(0),
  stallRate: share.default(0),
  stallMs: positiveMs.default(60_000),
  cutRate: share.default(0).describe('Share of streams whose socket is closed mid-stream.'),
  slowStartMs: z.number().min(0).max(600_000).default(0),
  powerCapW: z
    .number()
    .positive()
    .max(100_000)
    .optional()
    .describe('Power limit of each accelerator, watts; arithmetic slows down to stay under it.'),
});

export const simulationConfig = z.strictObject({
  seed: z.int().min(0).default(1),
  maxSequences: z.int().min(1).max(4096).default(256),
  maxBatchedTokens: z.int().min(16).max(1_048_576).default(8192),
  gpuMemoryShare: share.default(0.9),
  speed: z
    .number()
    .positive()
    .max(1000)
    .default(1)
    .describe('Simulated seconds per real second; 1 is real time.'),
  port: z.int().min(0).max(65_535).default(0).describe('0 picks a free port.'),
  efficiency: z
    .strictObject({
      compute: z.number().gt(0).max(1).optional().describe('Share of peak arithmetic (0.5).'),
      memory: z.number().gt(0).max(1).optional().describe('Share of peak bandwidth (0.8).'),
      stepOverheadMs: z.number().min(0).max(1000).optional().describe('Of each step (2).'),
    })
    .optional()
    .describe('What its kernels reach; absent: typical figures.'),
  faults: faultConfig.prefault({}),
});

/** A training job whose accelerator time is accounted for. */
export const jobConfig = z.strictObject({
  name,
  owner: z.string().min(1).optional(),
  hardware: z.strictObject({
    accelerator: z.string().describe('Accelerator id of the catalog, e.g. h100-sxm.'),
    count: z.int().min(1).max(100_000).default(1),
  }),
  cost: costConfig.optional(),
  ...jobShape,
});

/** A live cluster whose cards are accounted for: who holds them, and why the others are free. */
const clusterConfig = z.discriminatedUnion('kind', [
  z.strictObject({ name, cost: costConfig.optional(), ...kubernetesShape }),
  z.strictObject({ name, cost: costConfig.optional(), ...slurmShape }),
]);

export const engineConfig = z.strictObject({
  name,
  dialect: engineDialect.default('openai'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL that ends where the dialect begins, e.g. http://127.0.0.1:8000/v1.'),
  apiKey: z.string().min(1).optional().describe('Use ${ENV} or ${file:...}; masked everywhere.'),
  headers: z.record(z.string(), z.string()).default({}),
  models: z.array(z.string().min(1)).default([]),
  metricsUrl: z.url({ protocol: /^https?$/ }).optional(),
  cost: costConfig.optional(),
  hardware: hardwareConfig.optional(),
  devices: z
    .array(z.string().min(1))
    .max(100_000)
    .optional()
    .describe('Its accelerators as sources name them: a UUID, node/index, or a whole node.'),
  simulated: simulationConfig
    .optional()
    .describe('Present: Tailrace starts this engine itself, as a simulation.'),
});

export const keyConfig = z.strictObject({
  name,
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hex digits')
    .describe('Hash of the key, as `tailrace keys create` prints it.'),
  services: z.array(name).default([]).describe('Empty: all services.'),
  tenant: z.string().optional(),
  admin: z.boolean().default(false),
  ingest: z
    .boolean()
    .default(false)
    .describe('May push telemetry (remote-write, OTLP), and nothing else.'),
});

/** Shape of tailrace.yaml. Unknown keys are errors. */
export const configSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(8787),
      workers: z.union([z.literal('auto'), z.int().min(1).max(256)]).default('auto'),
      maxBodyBytes: z.int().min(1024).max(1_073_741_824).default(33_554_432),
      maxResponseBytes: z.int().min(1024).max(1_073_741_824).default(67_108_864),
      headersTimeoutMs: positiveMs.default(10_000),
      bodyTimeoutMs: positiveMs.default(60_000),
      drainTimeoutMs: positiveMs.default(30_000),
      allowedHosts: z
        .array(z.string())
        .default([])
        .describe('Host names, besides loopback, by which the control API may be addressed.'),
    })
    .prefault({}),
  services: z.array(serviceConfig).min(1),
  routes: z.array(routeConfig).min(1),
  engines: z.array(engineConfig).min(1),
  keys: z.array(keyConfig).default([]),
  journal: z
    .strictObject({
      flushMs: z.number().min(1).max(100).default(50),
      flushBytes: z.int().min(1024).max(67_108_864).default(262_144),
      segmentBytes: z.int().min(65_536).max(1_073_741_824).default(67_108_864),
      maxPendingBytes: z
        .int()
        .min(65_536)
        .default(67_108_864)
        .describe('Records waiting for the disk beyond this are counted as lost.'),
      fsync: z.enum(['always', 'interval', 'never']).default('interval'),
      fsyncIntervalMs: z.number().min(10).max(60_000).default(1000),
    })
    .prefault({}),
  ledger: z
    .strictObject({
      segmentRows: z.int().min(1000).max(10_000_000).default(100_000),
      topTenants: z.int().min(1).max(10_000).default(100),
      retention: z
        .strictObject({
          recordsDays: z.number().positive().default(30),
          minutesDays: z.number().positive().default(90),
          hoursDays: z.number().positive().default(800),
        })
        .prefault({}),
      memoryMiB: z.int().min(64).default(512),
    })
    .prefault({}),
  jobs: z.array(jobConfig).max(1_000).default([]),
  clusters: z.array(clusterConfig).max(100).default([]),
  sources: z.array(sourceConfig).max(1_000).default([]),
  telemetry: telemetryConfig.prefault({}),
  traces: tracesConfig.prefault({}),
  scorecard: z
    .strictObject({
      thresholds: z
        .record(z.string().max(64), z.number().finite())
        .default({})
        .describe('Own bounds by condition, e.g. serving.attainment: 0.97; shares as 0..1.'),
    })
    .prefault({}),
  probes: z
    .strictObject({
      reference: z
        .record(z.string().max(100), z.number().positive())
        .default({})
        .describe('What the machines were bought for, by probe.metric, e.g. storage.stepMbPerS.'),
    })
    .prefault({}),
  scrapeIntervalMs: positiveMs.default(2_000),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type Config = z.infer<typeof configSchema>;
export type ServiceConfig = Config['services'][number];
export type RouteConfig = Config['routes'][number];
export type EngineConfig = Config['engines'][number];
export type JobConfig = Config['jobs'][number];
export type ClusterConfig = Config['clusters'][number];
export type KeyConfig = Config['keys'][number];
export type CostConfig = z.infer<typeof costConfig>;
export type HardwareConfig = z.infer<typeof hardwareConfig>;
export type SimulationConfig = z.infer<typeof simulationConfig>;
