import { availableParallelism, totalmem } from 'node:os';
import { largestCacheBytes } from '../../measure/probes/memory/cache-size.ts';
import { pcieLinks } from '../../measure/probes/memory/pcie-links.ts';
import { probeMemory } from '../../measure/probes/memory/probe-memory.ts';
import { count } from '../answer-units.ts';
import type { Command, CommandContext } from '../command.ts';
import { finishProbe } from '../finish-probe.ts';
import { wholeOption } from '../load-options.ts';
import { probeOptions } from '../probe-options.ts';
import { probeProgress } from '../probe-progress.ts';
import { renderProbe } from '../render-probe.ts';

const MAX_THREADS = 256;
const MIN_ARRAY_BYTES = 128e6;

/** `tailrace probe memory`: bandwidth of main memory, and the PCIe links that it feeds. */
export const probeMemoryCommand: Command = {
  name: 'probe memory',
  summary: "measure this host's memory bandwidth, and list the PCIe links to its devices",
  usage: 'tailrace probe memory [options]',
  description: [
    'Runs the four loops of STREAM (copy, scale, add, triad) on all threads, over arrays of at least four',
    'times the last-level cache and 128 MB each. In JavaScript: compiled loops without vector stores, so',
    'a lower bound of what the memory gives. Where Linux shows them, links of accelerators, network',
    'cards and NVMe that run below what they could are named.',
    '',
    'Exit code: 0 done, 1 failed, 3 done and a regression against the last run.',
  ].join('\n'),
  examples: ['tailrace probe memory', 'tailrace probe memory --threads 1 --rounds 5 --json'],
  options: {
    threads: { type: 'string', value: 'N', description: 'threads (default: one a core)' },
    rounds: { type: 'string', value: 'N', description: 'of each loop (default 20, at most 1000)' },
    ...probeOptions,
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, clock, stderr } = context;
  const threads = wholeOption(values, 'threads', availableParallelism(), MAX_THREADS);
  const rounds = wholeOption(values, 'rounds', 20, 1000);
  const cacheBytes = await largestCacheBytes();
  // A tenth of the memory for three arrays at most, whatever the cache is.
  const wantedBytes = Math.max(MIN_ARRAY_BYTES, 4 * (cacheBytes ?? 0));
  const arrayBytes = Math.min(wantedBytes, totalmem() / 30);
  const show = probeProgress(context);
  const atMs = clock.wallMs();
  const probe = await probeMemory({
    threads,
    arrayBytes,
    rounds,
    onRound: (round) => show(`round ${round} of ${rounds}`),
  });
  if (stderr.isTTY) stderr.write('\r\u001B[K');
  const links = await pcieLinks();
  const slow = links.filter((link) => link.degraded);
  const triad = probe.kernels.find((one) => one.kernel === 'triad');
  const { samples, ...report } = probe;
  return finishProbe(context, {
    kind: 'memory',
    atMs,
    settings: { threads, arrayBytes: probe.arrayBytes, rounds },
    metrics: Object.fromEntries(
      Object.entries(samples).map(([kernel, gbPerS]) => [
        kernel,
        { unit: 'GB/s', better: 'higher' as const, values: gbPerS },
      ]),
    ),
    report: { ...report, cacheBytes, links },
    text: renderProbe({
      title: `memory, ${threads} threads`,
      verdict: `triad ${figure(triad?.bestGbPerS ?? 0)} at best`,
      rows: [
        ...probe.kernels.map((one): [string, string] => [
          one.kernel,
          `best ${figure(one.bestGbPerS)}, median ${figure(one.medianGbPerS)}`,
        ]),
        ['arrays', `3 of ${count(probe.arrayBytes / 1e6)} MB`],
        [
          'PCIe',
          links.length === 0
            ? 'no link is visible here'
            : `${links.length} links, ${slow.length} below what they could`,
        ],
        ...links.map((link): [string, string] => [
          `  ${link.address}`,
          `${link.kind}: ${figure(link.nowGbPerS)} of ${figure(link.maxGbPerS)}`,
        ]),
      ],
      notes: [
        ...(cacheBytes !== null && probe.arrayBytes < 4 * cacheBytes
          ? ['arrays are smaller than four times the cache: figures include cache']
          : []),
        ...(slow.length > 0
          ? ['idle devices lower their links to save power; look again under load']
          : []),
      ],
    }),
  });
}

const figure = (gbPerS: number): string => `${Number(gbPerS.toPrecision(3))} GB/s`;
