import type { ResourceAnswer } from './read-resource-samples.ts';

/** Counters that tell whether a card did anything, best first. */
export const ACTIVITY_METRICS = ['graphicsActiveShare', 'smActiveShare', 'kernelShare'] as const;

/**
 * Share of the time each pod's accelerators were active, by `namespace/pod`, from counters and who held which device:
 * the most active device of the pod counts. Null when no device told who holds it.
 */
export function podActivity(answer: ResourceAnswer): Map<string, number> | null {
  const byDevice = new Map<string, number>();
  for (const metric of ACTIVITY_METRICS) {
    for (const { subject, metric: name, points } of answer.series) {
      if (name !== metric || byDevice.has(subject.id)) continue;
      const knownMs = points.reduce((sum, point) => sum + point.knownMs, 0);
      const active = points.reduce((sum, { mean, knownMs: ms }) => sum + mean * ms, 0);
      if (knownMs > 0) byDevice.set(subject.id, active / knownMs);
    }
  }
  if (answer.holders.length === 0) return null;
  const activity = new Map<string, number>();
  for (const { subject, holder } of answer.holders) {
    const [namespace, pod] = holder.split('/');
    const active = byDevice.get(subject.id);
    if (active === undefined || namespace === undefined || pod === undefined) continue;
    const key = `${namespace}/${pod}`;
    activity.set(key, Math.max(activity.get(key) ?? 0, active));
  }
  return activity;
}
