import { z } from 'zod';

const intervalMs = z
  .number()
  .min(1_000)
  .max(600_000)
  .default(10_000)
  .describe('Time between two readings, milliseconds.');
const node = z
  .string()
  .min(1)
  .max(253)
  .optional()
  .describe('Node that its figures belong to where they do not name one themselves.');
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'a name: letters, digits, ".", "_", "-", at most 63');

/** One program that is asked, on this machine, for the state of its devices. */
const command = (program: string) =>
  z.string().min(1).default(program).describe('Program to run; looked for in PATH.');

/** Where figures of accelerators, hosts and engines are read from. What is pushed needs no entry here. */
export const sourceConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('prometheus').describe('A page of metrics in a format of Prometheus.'),
    name,
    urls: z
      .array(z.url({ protocol: /^https?$/ }))
      .min(1)
      .max(10_000)
      .describe('Pages of exporters, e.g. http://node-1:9400/metrics of dcgm-exporter.'),
    intervalMs,
    timeoutMs: z.number().min(100).max(600_000).default(5_000),
    node,
    apiKey: z
      .string()
      .min(1)
      .optional()
      .describe('Sent as bearer token; use ${ENV} or ${file:...}; masked everywhere.'),
  }),
  z.strictObject({
    kind: z.literal('host').describe('This machine: /proc, and RAPL where it may be read.'),
    name,
    intervalMs,
    node,
  }),
  z.strictObject({
    kind: z.literal('nvidia-smi').describe('NVIDIA devices of this machine, without an exporter.'),
    name,
    intervalMs,
    node,
    command: command('nvidia-smi'),
  }),
  z.strictObject({
    kind: z.literal('rocm-smi').describe('AMD devices of this machine, without an exporter.'),
    name,
    intervalMs,
    node,
    command: command('rocm-smi'),
  }),
]);
export type SourceConfig = z.infer<typeof sourceConfig>;

export const telemetryConfig = z.strictObject({
  minutesDays: z
    .number()
    .positive()
    .default(7)
    .describe('Minutes of resource samples kept; hours are kept for ledger.retention.hoursDays.'),
  externalRequestsDays: z
    .number()
    .positive()
    .default(30)
    .describe('Requests that other software reported over OpenTelemetry.'),
  maxPushBytes: z
    .int()
    .min(1024)
    .max(268_435_456)
    .default(67_108_864)
    .describe('Largest pushed body, also after it is decompressed.'),
});
