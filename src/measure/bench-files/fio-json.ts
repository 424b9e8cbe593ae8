import { z } from 'zod';
import { benchError, parseJson, schemaError } from './bench-error.ts';

const count = z.number().nonnegative();

/** Latency of one direction in fio's own unit; the percentiles hold `"99.000000": value`. */
const latency = z.looseObject({
  mean: count.optional(),
  max: count.optional(),
  percentile: z.record(z.string(), count).optional(),
});

const direction = z.looseObject({
  io_bytes: count.optional(),
  /** KiB/s, in every version; `bw_bytes` since fio 3. */
  bw: count.optional(),
  bw_bytes: count.optional(),
  iops: count.optional(),
  total_ios: count.optional(),
  clat_ns: latency.optional(),
  /** Microseconds: fio 2. */
  clat: latency.optional(),
});
type Direction = z.infer<typeof direction>;

const job = z.looseObject({
  jobname: z.string(),
  error: z.number().optional(),
  read: direction.optional(),
  write: direction.optional(),
  'job options': z.record(z.string(), z.unknown()).optional(),
});

const report = z.looseObject({
  'fio version': z.string(),
  timestamp: z.number().optional(),
  'global options': z.record(z.string(), z.unknown()).optional(),
  jobs: z.array(job).min(1),
});

/** One direction of one fio job. Latency is completion latency; null where fio did not record it. */
export interface FioFlow {
  job: string;
  direction: 'read' | 'write';
  bytes: number;
  bytesPerS: number;
  iops: number | null;
  meanMs: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
}

export interface FioReport {
  version: string;
  startedAtMs: number | null;
  /** `direct=1`: the page cache was passed by. Null when neither job nor globals say. */
  direct: boolean | null;
  flows: FioFlow[];
}

const FIX = 'give the output of fio --output-format=json';

export const looksLikeFio = (value: unknown): boolean =>
  z.looseObject({ 'fio version': z.string(), jobs: z.array(z.unknown()) }).safeParse(value).success;

/** Reads fio's JSON (2 and 3; warnings that fio prints before it are skipped). TR_BENCH_INVALID names the field. */
export function parseFioJson(text: string, file: string): FioReport {
  const start = text.indexOf('{');
  if (start === -1) throw benchError(file, 'JSON', 'no object in it', FIX);
  const parsed = report.safeParse(parseJson(text.slice(start), file, FIX));
  if (!parsed.success) throw schemaError(file, parsed.error, FIX);
  const { jobs, timestamp } = parsed.data;
  const failed = jobs.find((one) => (one.error ?? 0) !== 0);
  if (failed !== undefined) {
    throw benchError(file, `jobs.${failed.jobname}.error`, `is ${failed.error}`, 'run fio again');
  }
  const flows = jobs.flatMap((one) =>
    (['read', 'write'] as const).flatMap((name) => flowOf(one.jobname, name, one[name]) ?? []),
  );
  if (flows.length === 0) throw benchError(file, 'jobs', 'moved no byte', FIX);
  const options = { ...parsed.data['global options'], ...jobs[0]?.['job options'] };
  const direct = options['direct'];
  return {
    version: parsed.data['fio version'],
    startedAtMs: timestamp === undefined ? null : timestamp * 1000,
    direct: direct === undefined ? null : direct === '1' || direct === 1,
    flows,
  };
}

function flowOf(jobname: string, name: 'read' | 'write', flow?: Direction): FioFlow | null {
  const bytes = flow?.io_bytes ?? 0;
  if (flow === undefined || bytes === 0) return null;
  // Nanoseconds since fio 3, microseconds before.
  const [lat, perMs] = flow.clat_ns === undefined ? [flow.clat, 1e3] : [flow.clat_ns, 1e6];
  const ms = (value: number | undefined): number | null =>
    value === undefined ? null : value / perMs;
  return {
    job: jobname,
    direction: name,
    bytes,
    bytesPerS: flow.bw_bytes ?? (flow.bw ?? 0) * 1024,
    iops: flow.iops ?? null,
    meanMs: ms(lat?.mean),
    p50Ms: ms(lat?.percentile?.['50.000000']),
    p99Ms: ms(lat?.percentile?.['99.000000']),
    maxMs: ms(lat?.max),
  };
}
