import { percent, type Collector } from '../collector.ts';

const KINDS = ['memory', 'network', 'storage'] as const;

/** The least of memory, network and storage throughput as a share of what the machines were bought for. */
export const probeReference: Collector = {
  id: 'probe-reference',
  source: 'probe',
  query: '/api/v1/probes',
  async organisation(facts, window) {
    const probes = await facts.sources.probes?.();
    if (probes === undefined) return null;
    const references = Object.entries(facts.config.probes.reference);
    const fresh = probes.filter((one) => one.atMs >= window.fromMs);
    const compared = KINDS.map((kind) => ({
      kind,
      found: references.flatMap(([name, reference]) => {
        if (!name.startsWith(`${kind}.`)) return [];
        const metric = name.slice(kind.length + 1);
        const last = fresh.findLast(
          (one) => one.kind === kind && one.figures[metric] !== undefined,
        );
        const figure = last?.figures[metric];
        if (last === undefined || figure === undefined) return [];
        return [{ name, share: figure / reference, atMs: last.atMs }];
      }),
    }));
    const all = compared.flatMap((one) => one.found);
    if (all.length === 0) return null;
    const missing = compared.filter((one) => one.found.length === 0).map((one) => one.kind);
    const words = all.map((one) => `${one.name} ${percent(one.share)} of reference`).join(', ');
    const without = missing.length === 0 ? '' : `; no reference or no probe: ${missing.join(', ')}`;
    return {
      value: missing.length === 0 ? Math.min(...all.map((one) => one.share)) : null,
      coverage: 1,
      simulated: false,
      statement: `${words}${without}.`.slice(0, 2000),
      atMs: Math.min(...all.map((one) => one.atMs)),
    };
  },
};
