import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const DEVICES = '/sys/bus/pci/devices';

/** One PCIe link of a device that feeds or is an accelerator. GB are 1e9 bytes, one direction. */
export interface PcieLink {
  address: string;
  kind: 'accelerator' | 'network' | 'nvme';
  nowGbPerS: number;
  maxGbPerS: number;
  /** Runs slower or narrower than device and slot could: idle power saving, or a bad seat. */
  degraded: boolean;
}

/** PCI class codes: display and 3D controllers, processing accelerators, network, NVMe. */
const KINDS: ReadonlyArray<[RegExp, PcieLink['kind']]> = [
  [/^0x(?:0300|0302|1200)/, 'accelerator'],
  [/^0x02/, 'network'],
  [/^0x010802/, 'nvme'],
];

/** Links that this system shows; none where there is no sysfs, or nothing but virtual devices. */
export async function pcieLinks(folder: string = DEVICES): Promise<PcieLink[]> {
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readLink(join(folder, name), name)));
  return links.filter((link) => link !== null);
}

async function readLink(path: string, address: string): Promise<PcieLink | null> {
  const read = async (name: string): Promise<string> =>
    (await readFile(join(path, name), 'utf8').catch(() => '')).trim();
  const code = await read('class');
  const kind = KINDS.find(([pattern]) => pattern.test(code))?.[1];
  if (kind === undefined) return null;
  const rate = async (which: 'current' | 'max'): Promise<number | null> =>
    linkGbPerS(await read(`${which}_link_speed`), await read(`${which}_link_width`));
  const nowGbPerS = await rate('current');
  const maxGbPerS = await rate('max');
  if (nowGbPerS === null || maxGbPerS === null) return null;
  return { address, kind, nowGbPerS, maxGbPerS, degraded: nowGbPerS < maxGbPerS * 0.99 };
}

/**
 * `16.0 GT/s PCIe` and `16`: transfers times lanes times the share that is data (8b/10b up to 5 GT/s,
 * 128b/130b to 32, 242 of 256 bytes in the flits of 64; PCI Express Base Specification 6.0).
 */
export function linkGbPerS(speed: string, width: string): number | null {
  const gtPerS = Number(/^(\d+(?:\.\d+)?) GT\/s/.exec(speed)?.[1] ?? 0);
  const lanes = Number(/^\d+$/.exec(width)?.[0] ?? 0);
  if (gtPerS === 0 || lanes === 0) return null;
  const data = gtPerS <= 5 ? 8 / 10 : gtPerS <= 32 ? 128 / 130 : 242 / 256;
  return (gtPerS * lanes * data) / 8;
}
