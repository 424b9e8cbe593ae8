import { createHash } from 'node:crypto';
import type { MlperfWorkload } from '../../bench-files/mlperf-workloads.ts';

/** The files that emulated accelerators read: decided before any is written, the same for the same budget. */
export interface DatasetPlan {
  workload: MlperfWorkload['name'];
  /** Record size and compute time over those of MLPerf; both shrink alike, so bytes per second stay. */
  scale: number;
  files: DatasetFile[];
  samples: number;
  bytes: number;
  /** Folder or prefix that holds exactly this plan. */
  name: string;
}

export interface DatasetFile {
  name: string;
  bytes: number;
  samples: number;
}

/** Where the bytes of one sample are. */
export interface SamplePlace {
  file: DatasetFile;
  offset: number;
  length: number;
}

/** Fewer files than this would be read again and again, in step. */
const MIN_FILES = 8;
const MAX_FILES = 100_000;

/** Plans a data set of at most `budgetBytes`. Sizes are spread as the workload says, some 0.1 to 2.5 times the mean. */
export function planDataset(workload: MlperfWorkload, budgetBytes: number): DatasetPlan {
  const { recordBytes, recordBytesSd, samplesPerFile } = workload;
  const perFile = Math.min(budgetBytes / MIN_FILES, recordBytes * samplesPerFile);
  // Files of many records shrink by holding fewer; files of one shrink the record.
  const samples = Math.max(1, Math.floor(perFile / recordBytes));
  const scale = Math.min(1, perFile / recordBytes);
  const meanBytes = recordBytes * scale * samples;
  const count = Math.min(MAX_FILES, Math.max(MIN_FILES, Math.floor(budgetBytes / meanBytes)));
  const sdBytes = samples > 1 ? 0 : recordBytesSd * scale;
  const drawn = Array.from({ length: count }, (_, i) => {
    const size = meanBytes + sdBytes * normalOf(`${workload.name}/${i}`);
    return Math.min(2.5 * meanBytes, Math.max(0.1 * meanBytes, size));
  });
  // Few files would miss the mean by chance, and with it the demand that AU is measured against.
  const correction = (count * meanBytes) / drawn.reduce((sum, size) => sum + size, 0);
  const files = drawn.map((size, i) => ({
    name: `sample-${String(i).padStart(6, '0')}.bin`,
    bytes: Math.max(1, Math.floor(size * correction)),
    samples,
  }));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const plan = { workload: workload.name, scale, files, samples: files.length * samples, bytes };
  const hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 10);
  return { ...plan, name: `tailrace-probe/${workload.name}-${hash}` };
}

/** The place of a sample, by number from 0 to `samples - 1`. */
export function placeOf(plan: DatasetPlan, sample: number): SamplePlace {
  const [{ samples: perFile } = { samples: 1 }] = plan.files;
  const file = plan.files[Math.floor(sample / perFile)];
  if (file === undefined) throw new RangeError(`sample ${sample} of ${plan.samples}`);
  const length = Math.floor(file.bytes / perFile);
  return { file, offset: (sample % perFile) * length, length };
}

/**
 * Which sample the accelerators read as their n-th of all: each epoch is another shuffle. A walk with a
 * stride coprime to the number of samples visits each once an epoch, without a list of them.
 */
export function shuffledSample(samples: number, n: number): number {
  const epoch = Math.floor(n / samples);
  const at = n % samples;
  // Golden-ratio strides land far from their neighbours.
  let stride = Math.max(1, Math.floor(samples * 0.618) + epoch);
  while (gcd(stride, samples) !== 1) stride += 1;
  return (at * stride + epoch * 7) % samples;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** A standard normal number from a name: Box and Muller over two 32-bit words of its hash. */
function normalOf(name: string): number {
  const hash = createHash('sha256').update(name).digest();
  const first = (hash.readUInt32LE(0) + 1) / 4_294_967_297;
  const second = hash.readUInt32LE(4) / 4_294_967_296;
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}
