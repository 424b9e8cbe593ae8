import { z } from 'zod';
import { parseJson, schemaError } from './bench-error.ts';
import { workloadOfRecord, type MlperfWorkload } from './mlperf-workloads.ts';

const figure = z.number().nonnegative();

/** `summary.json` of DLIO. Some fields are absent in published files; nothing else is relied on. */
const summarySchema = z.looseObject({
  num_accelerators: z.int().positive(),
  num_hosts: z.number().nonnegative().optional(),
  epochs: z.number().nonnegative().optional(),
  start: z.string().optional(),
  metric: z.looseObject({
    train_au_percentage: z.array(figure).optional(),
    train_au_mean_percentage: figure.optional(),
    train_au_meet_expectation: z.string().optional(),
    train_throughput_mean_samples_per_second: figure,
    train_io_mean_MB_per_second: figure.optional(),
  }),
});

/** What a summary says, and what follows from it. AU and wall AU are shares; null is not known. */
export interface DlioSummary {
  accelerators: number;
  hosts: number | null;
  au: number | null;
  verdict: string | null;
  samplesPerS: number;
  /** MB of 2^20 bytes, as DLIO counts them. */
  ioMbPerS: number | null;
  recordBytes: number | null;
  workload: MlperfWorkload['name'] | null;
  accelerator: 'a100' | 'h100' | null;
  /** All compute over all wall time: what the bill pays for. Modelled from throughput. */
  wallAu: number | null;
  hiddenShare: number | null;
  perAcceleratorMbPerS: number | null;
}

const FIX = 'give summary.json of an MLPerf Storage (DLIO) training run';

/** Whether JSON that was read is a DLIO summary of a training run. */
export const looksLikeDlioSummary = (value: unknown): boolean =>
  z
    .looseObject({
      num_accelerators: z.number(),
      metric: z.looseObject({ train_throughput_mean_samples_per_second: z.number() }),
    })
    .safeParse(value).success;

/** Reads `summary.json`. TR_BENCH_INVALID names the field. */
export function parseDlioSummary(text: string, file: string): DlioSummary {
  const parsed = summarySchema.safeParse(parseJson(text, file, FIX));
  if (!parsed.success) throw schemaError(file, parsed.error, FIX);
  const { metric, num_accelerators: accelerators, num_hosts: hosts } = parsed.data;
  const samplesPerS = metric.train_throughput_mean_samples_per_second;
  const ioMbPerS = metric.train_io_mean_MB_per_second ?? null;
  const auPercent = metric.train_au_mean_percentage ?? null;
  const au = auPercent === null ? null : auPercent / 100;
  const recordBytes =
    ioMbPerS === null || samplesPerS === 0 ? null : (ioMbPerS * 1_048_576) / samplesPerS;
  const workload = recordBytes === null ? null : workloadOfRecord(recordBytes);
  const emulated = emulatedOf(workload, samplesPerS / accelerators, au);
  return {
    accelerators,
    hosts: hosts ?? null,
    au,
    verdict: metric.train_au_meet_expectation ?? null,
    samplesPerS,
    ioMbPerS,
    recordBytes,
    workload: workload?.name ?? null,
    accelerator: emulated?.accelerator ?? null,
    wallAu: emulated?.wallAu ?? null,
    hiddenShare: emulated === null || au === null ? null : au - emulated.wallAu,
    perAcceleratorMbPerS: ioMbPerS === null ? null : ioMbPerS / accelerators,
  };
}

/** Wall AU: samples per second and accelerator, times the seconds that one sample is computed for. */
export const wallAuOf = (
  samplesPerSPerAccelerator: number,
  computeS: number,
  batchSize: number,
): number => (samplesPerSPerAccelerator * computeS) / batchSize;

/** The emulated accelerator is not in the summary: it is the one whose wall AU lies nearest below AU. */
function emulatedOf(
  workload: MlperfWorkload | null,
  samplesPerS: number,
  au: number | null,
): { accelerator: 'a100' | 'h100'; wallAu: number } | null {
  if (workload === null || au === null) return null;
  const fits = (['a100', 'h100'] as const)
    .map((accelerator) => ({
      accelerator,
      wallAu: wallAuOf(samplesPerS, workload.computeS[accelerator], workload.batchSize),
    }))
    // The first step hides at most some 15 points in published runs; compute jitters by a point.
    .filter(({ wallAu }) => wallAu <= au + 0.01 && wallAu >= au - 0.2)
    .toSorted((a, b) => b.wallAu - a.wallAu);
  return fits[0] ?? null;
}
