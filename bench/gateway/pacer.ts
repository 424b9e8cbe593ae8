/** A stream that wants a call at an even pace, until it returns false. */
export type Step = () => boolean;

/**
 * Calls steps at their pace from one timer. Each pace has a ring of slots, one a millisecond; a
 * stream stays in the slot in which it began, so that streams spread over the pace as they came.
 */
export function createPacer(): { add(paceMs: number, step: Step): void } {
  const rings = new Map<number, Array<Set<Step>>>();
  let tick = Math.floor(performance.now());
  const slot = (ring: Array<Set<Step>>, at: number): Set<Step> | undefined =>
    ring[at % ring.length];
  setInterval(() => {
    const now = Math.floor(performance.now());
    // A late timer catches up slot by slot: frames may bunch, but none is lost.
    for (; tick < now; tick += 1) {
      for (const ring of rings.values()) {
        const steps = slot(ring, tick);
        if (steps === undefined) continue;
        for (const step of steps) if (!step()) steps.delete(step);
      }
    }
  }, 1);
  return {
    add(paceMs, step) {
      let ring = rings.get(paceMs);
      if (ring === undefined) {
        ring = Array.from({ length: paceMs }, () => new Set<Step>());
        rings.set(paceMs, ring);
      }
      slot(ring, tick)?.add(step);
    },
  };
}
