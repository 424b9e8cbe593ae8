/**
 * Extended resources that stand for accelerators, by the device plug-ins' documentation: NVIDIA
 * (whole cards, shared cards, MIG slices), AMD, Intel, Habana, Google TPU, AWS Neuron.
 */
const ACCELERATORS: readonly RegExp[] = [
  /^nvidia\.com\/gpu(\.shared)?$/,
  /^nvidia\.com\/mig-\d+g\.\d+gb(\.me)?$/,
  /^amd\.com\/gpu$/,
  /^gpu\.intel\.com\/\w+$/,
  /^habana\.ai\/gaudi$/,
  /^google\.com\/tpu$/,
  /^aws\.amazon\.com\/neuron(core|device)?$/,
];

const MIG = /^nvidia\.com\/mig-(\d+)g\./;

/** Compute slices of a card under MIG (A100, H100 and later). */
const MIG_SLICES = 7;

export const isAccelerator = (resource: string): boolean =>
  ACCELERATORS.some((pattern) => pattern.test(resource));

/** Whether the resource is a MIG slice. */
export const isMigSlice = (resource: string): boolean => MIG.test(resource);

/**
 * Share of a card that one unit of the resource is. `replicas` is how many pods share a card by
 * time slicing or MPS (node label `nvidia.com/gpu.replicas`); 1 without.
 */
export function cardsPerUnit(resource: string, replicas: number): number {
  const mig = MIG.exec(resource);
  if (mig !== null) return Math.min(1, Number(mig[1]) / MIG_SLICES);
  return resource.startsWith('nvidia.com/gpu') ? 1 / Math.max(1, replicas) : 1;
}
