import { fail, ok } from '../../../records/errors.ts';
import type { ResourceSource } from '../resource-source.ts';
import type { Reading } from '../series-tracker.ts';
import {
  parseDiskstats,
  parseLoadavg,
  parseMeminfo,
  parseNetDev,
  parsePressure,
  parseStat,
} from './proc.ts';
import { createRapl, type HostFiles } from './rapl.ts';

const parsers: ReadonlyArray<[path: string, parse: (text: string) => Reading[]]> = [
  ['/proc/stat', parseStat],
  ['/proc/meminfo', parseMeminfo],
  ['/proc/loadavg', parseLoadavg],
  ['/proc/diskstats', parseDiskstats],
  ['/proc/net/dev', parseNetDev],
  ['/proc/pressure/cpu', (text) => parsePressure('cpu', text)],
  ['/proc/pressure/io', (text) => parsePressure('io', text)],
  ['/proc/pressure/memory', (text) => parsePressure('memory', text)],
];

/** This machine, from /proc and RAPL. Where there is no /proc (macOS) every read is an error that says so. */
export function createHostSource(options: {
  source: string;
  node: string;
  intervalMs: number;
  files: HostFiles;
}): ResourceSource {
  const { source, node, intervalMs, files } = options;
  const readRapl = createRapl(files);
  return {
    source,
    target: 'host',
    intervalMs,
    node,
    async read() {
      const readings = parsers.flatMap(([path, parse]) => {
        const text = files.read(path);
        return text === null ? [] : parse(text);
      });
      if (readings.length === 0) {
        return fail('TR_UPSTREAM_CONNECT', '/proc cannot be read: this source works on Linux only');
      }
      return ok({ readings: [...readings, ...readRapl()], basis: 'measured' });
    },
  };
}
