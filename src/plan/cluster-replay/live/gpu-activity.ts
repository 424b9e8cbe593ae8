import type { Reading } from '../../../measure/sources/series-tracker.ts';
import type { GpuActivity } from './finding.ts';

/** Metrics of dcgm-exporter that say how active a card is, and their full scale; best first. */
const ACTIVE: ReadonlyArray<readonly [string, number]> = [
  ['DCGM_FI_PROF_GR_ENGINE_ACTIVE', 1],
  ['DCGM_FI_PROF_SM_ACTIVE', 1],
  ['DCGM_FI_DEV_GPU_UTIL', 100],
];

/**
 * Activity of each pod's accelerators from pages of dcgm-exporter: the most active card of the pod
 * counts. Behind a Prometheus the pod's labels come as `exported_pod` and `exported_namespace`.
 */
export function gpuActivity(samples: readonly Reading[]): GpuActivity {
  const found = ACTIVE.find(([metric]) => samples.some(({ name }) => name === metric));
  const activity = new Map<string, number>();
  if (found === undefined) return activity;
  const [metric, scale] = found;
  for (const { name, labels, value } of samples) {
    if (name !== metric || value === 'stale' || !Number.isFinite(value)) continue;
    const pod = labels.get('exported_pod') ?? labels.get('pod') ?? '';
    const namespace = labels.get('exported_namespace') ?? labels.get('namespace') ?? '';
    if (pod === '' || namespace === '') continue;
    const key = `${namespace}/${pod}`;
    activity.set(key, Math.max(activity.get(key) ?? 0, value / scale));
  }
  return activity;
}
