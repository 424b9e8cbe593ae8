/**
 * Training workloads of MLPerf Storage v2.0 (mlcommons/storage, storage-conf/workload/*.yaml at
 * caa90c9): what one emulated accelerator reads, and how long it then computes.
 */
export interface MlperfWorkload {
  name: 'unet3d' | 'resnet50' | 'cosmoflow';
  /** Mean bytes of one sample, and their spread. */
  recordBytes: number;
  recordBytesSd: number;
  samplesPerFile: number;
  batchSize: number;
  readThreads: number;
  /** Seconds of computation per batch, by the accelerator that is emulated. */
  computeS: Readonly<Record<'a100' | 'h100', number>>;
  /** AU from which a run counts as fed. */
  auThreshold: number;
}

export const mlperfWorkloads: readonly MlperfWorkload[] = [
  {
    name: 'unet3d',
    recordBytes: 146_600_628,
    recordBytesSd: 68_341_808,
    samplesPerFile: 1,
    batchSize: 7,
    readThreads: 4,
    computeS: { a100: 0.636, h100: 0.323 },
    auThreshold: 0.9,
  },
  {
    name: 'resnet50',
    recordBytes: 114_660.07,
    recordBytesSd: 0,
    samplesPerFile: 1251,
    batchSize: 400,
    readThreads: 8,
    computeS: { a100: 0.435, h100: 0.224 },
    auThreshold: 0.9,
  },
  {
    name: 'cosmoflow',
    recordBytes: 2_828_486,
    recordBytesSd: 71_311,
    samplesPerFile: 1,
    batchSize: 1,
    readThreads: 4,
    computeS: { a100: 0.00551, h100: 0.0035 },
    auThreshold: 0.7,
  },
];

export const findWorkload = (name: string): MlperfWorkload | null =>
  mlperfWorkloads.find((one) => one.name === name) ?? null;

/** The workload whose records have this size in the mean (within 2 %); null when none has. */
export const workloadOfRecord = (recordBytes: number): MlperfWorkload | null =>
  mlperfWorkloads.find((one) => Math.abs(recordBytes / one.recordBytes - 1) < 0.02) ?? null;
