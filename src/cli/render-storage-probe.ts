import type { CheckpointProbe } from '../measure/probes/storage/probe-checkpoint.ts';
import type { StorageProbe } from '../measure/probes/storage/probe-storage.ts';
import { count, duration, milliseconds, share, usd } from './answer-units.ts';
import type { Price } from './probe-options.ts';
import { renderProbe } from './render-probe.ts';

const CACHE_NOTES = {
  bypassed: [],
  possible: [
    'reads may have come from the page cache of this machine: the file system does not allow O_DIRECT; ' +
      'use a data set of five times its memory (--size)',
  ],
  memory: ['this folder is memory, not storage'],
  remote: ['caches of the far side are not known'],
} as const;

/** The page of `tailrace probe storage`. */
export function renderStorageProbe(
  probe: StorageProbe,
  place: string,
  price: Price | null,
): string {
  const { result, feed } = probe;
  return renderProbe({
    title: `storage ${place}: ${probe.workload}, emulated ${probe.accelerator}`,
    verdict: verdictOf(probe),
    rows: [
      ['AU (MLPerf Storage)', `${share(result.au, 1)} of at least ${share(probe.auThreshold)}`],
      ['wall AU', `${share(result.wallAu, 1)}, first step counted: this one pays the bill`],
      ['accelerators', `${result.accelerators} emulated, ${result.steps} steps each`],
      ['read', `${count(result.mbPerS)} MB/s, ${count(result.samplesPerS)} samples/s`],
      ['demand', `${count(probe.demandMbPerSPerAccelerator)} MB/s an accelerator`],
      [
        'read latency',
        `p50 ${milliseconds(probe.readP50Ms)}, p99 ${milliseconds(probe.readP99Ms)}`,
      ],
      ...feedRows(probe),
      ...moneyRows(probe, price),
    ],
    notes: [
      ...CACHE_NOTES[probe.cache],
      ...(probe.scale < 1 ? [scaleNote(probe)] : []),
      ...(probe.cpuBound
        ? ['this machine spent over 85 % of its CPU on reading: the storage may be faster']
        : []),
      ...(feed?.atLeast === true
        ? ['more were not tried; --max-accelerators raises the bound']
        : []),
    ],
  });
}

function verdictOf({ result, feed, auThreshold }: StorageProbe): string {
  const whose = result.accelerators === 1 ? 'its' : 'their';
  const lost = `${share(Math.max(0, 1 - result.wallAu), 0)} of ${whose} time is lost waiting for data`;
  if (feed === null) {
    const word = result.au >= auThreshold ? 'is fed' : 'is NOT fed';
    const who =
      result.accelerators === 1 ? 'one accelerator' : `${result.accelerators} accelerators`;
    return `${who} ${result.accelerators === 1 ? word : word.replace('is', 'are')}: ${lost}`;
  }
  if (feed.fed === 0) return `feeds not even one accelerator: ${lost}`;
  return `feeds ${feed.atLeast ? 'at least ' : ''}${feed.fed} accelerators at ${share(auThreshold)} AU`;
}

const feedRows = ({ feed }: StorageProbe): Array<[string, string]> =>
  feed === null
    ? []
    : feed.curve.map((point, i): [string, string] => [
        i === 0 ? 'AU by accelerators' : '',
        `${point.accelerators}: ${share(point.au, 1)} at ${count(point.mbPerS)} MB/s`,
      ]);

function moneyRows({ lost }: StorageProbe, price: Price | null): Array<[string, string]> {
  if (price === null) return [['money lost', 'unknown: give --usd-per-hour']];
  const rows = lost.map((one, i): [string, string] => [
    i === 0 ? 'money lost' : '',
    `${usd(one.usdPerDay)} a day with ${one.accelerators} attached ` +
      `(${share(one.lostShare, 1)} of ${usd(one.usdPerAcceleratorHour)}/h, ${one.basis})`,
  ]);
  return [...rows, ['price', price.source]];
}

const scaleNote = ({ scale, datasetBytes }: StorageProbe): string =>
  `records and compute time are scaled to ${share(scale, 1)}, so that demand in MB/s stays and the data set ` +
  `is ${count(datasetBytes / 1e6)} MB`;

/** The page of `tailrace probe storage --workload llama3-…`. */
export function renderCheckpointProbe(
  probe: CheckpointProbe,
  place: string,
  price: Price | null,
): string {
  const gb = (value: number): string => `${Number(value.toPrecision(3))} GB/s`;
  return renderProbe({
    title: `storage ${place}: ${probe.model} checkpoint`,
    verdict: `a whole checkpoint would take ${duration(probe.fullWriteS * 1000)} to write`,
    rows: [
      [
        'write with fsync',
        `${gb(probe.writeGbPerS)}, ${count(probe.bytes / 1e6)} MB by ${probe.writers} ranks`,
      ],
      [
        'read back',
        `${gb(probe.readGbPerS)}, ${duration(probe.fullReadS * 1000)} for a whole checkpoint`,
      ],
      ['write call p99', `${milliseconds(probe.writeCallP99Ms)} a 4 MiB call`],
      [
        'money a checkpoint',
        probe.usdPerCheckpoint === null
          ? 'unknown: give --usd-per-hour'
          : `${usd(probe.usdPerCheckpoint)} while accelerators wait (${price?.source ?? ''})`,
      ],
    ],
    notes: [
      'whole-checkpoint figures are modelled: the measured rate over the size that MLPerf Storage gives',
      ...(probe.readCache === 'possible' ? ['reads may have come from the page cache'] : []),
    ],
  });
}
