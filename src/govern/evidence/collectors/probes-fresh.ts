import type { Collector } from '../collector.ts';

const KINDS = ['memory', 'network', 'storage'];

/** How many of memory, network and storage were probed in the window. */
export const probesFresh: Collector = {
  id: 'probes-fresh',
  source: 'probe',
  query: 'tailrace probe memory --help',
  async organisation(facts, window) {
    const probes = await facts.sources.probes?.();
    if (probes === undefined) return null;
    const latest = KINDS.flatMap((kind) => {
      const times = probes
        .filter((one) => one.kind === kind && one.atMs >= window.fromMs)
        .map((one) => one.atMs);
      return times.length === 0 ? [] : [{ kind, atMs: Math.max(...times) }];
    });
    const missing = KINDS.filter((kind) => !latest.some((one) => one.kind === kind));
    const words = missing.length === 0 ? 'none is missing' : `missing: ${missing.join(', ')}`;
    return {
      value: latest.length,
      coverage: 1,
      simulated: false,
      statement: `${latest.length} of ${KINDS.length} probes are fresh; ${words}.`,
      // They are as old as the oldest of them.
      ...(latest.length === 0 ? {} : { atMs: Math.min(...latest.map((one) => one.atMs)) }),
    };
  },
};
