import { z } from 'zod';
import type { ProbeFact } from '../govern/evidence/evidence-sources.ts';
import type { ProbeResult } from '../measure/probes/evidence/probe-result.ts';
import { quantile } from '../measure/probes/evidence/quantile.ts';

const networkReport = z.looseObject({
  peers: z.array(z.looseObject({ bestSendGbit: z.number(), bestReceiveGbit: z.number() })).min(1),
});

/** What evidence needs of probes: when, where, and the throughputs that can be held against a reference. */
export const probeFacts = (results: readonly ProbeResult[]): ProbeFact[] =>
  results.map((result) => ({
    kind: result.kind,
    atMs: result.atMs,
    hostname: result.machine.hostname,
    figures: figuresOf(result),
  }));

function figuresOf({ kind, metrics, report }: ProbeResult): Record<string, number> {
  const figures = Object.entries(metrics).flatMap(([name, { better, values }]) => {
    const median = better === 'higher' ? quantile(values, 0.5) : null;
    return median === null ? [] : [[name, median] as const];
  });
  const network = kind === 'network' ? networkReport.safeParse(report) : null;
  // The slowest path counts: a collective is as fast as that.
  const gbit = network?.success
    ? Math.min(...network.data.peers.map((one) => Math.max(one.bestSendGbit, one.bestReceiveGbit)))
    : null;
  return Object.fromEntries(gbit === null ? figures : [...figures, ['gbit', gbit]]);
}
