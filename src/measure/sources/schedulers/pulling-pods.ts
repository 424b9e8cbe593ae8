import type { KubeEvent } from './kube-objects.ts';

/** Events are kept for an hour; a pull that is older than this and never ended is not believed. */
const BELIEVED_MS = 3_600_000;

/** `namespace/pod` of those whose newest `Pulling` event no `Pulled` event has followed. */
export function pullingPods(
  pulling: readonly KubeEvent[],
  pulled: readonly KubeEvent[],
  nowMs: number,
): Set<string> {
  const done = newest(pulled);
  return new Set(
    [...newest(pulling)]
      .filter(([pod, atMs]) => atMs > (done.get(pod) ?? Number.NEGATIVE_INFINITY))
      .filter(([, atMs]) => nowMs - atMs < BELIEVED_MS)
      .map(([pod]) => pod),
  );
}

function newest(events: readonly KubeEvent[]): Map<string, number> {
  const at = new Map<string, number>();
  for (const { involvedObject, lastTimestamp, eventTime } of events) {
    const pod = `${involvedObject.namespace ?? 'default'}/${involvedObject.name ?? ''}`;
    const atMs = Date.parse(lastTimestamp ?? eventTime ?? '');
    if (!Number.isNaN(atMs)) at.set(pod, Math.max(at.get(pod) ?? atMs, atMs));
  }
  return at;
}
