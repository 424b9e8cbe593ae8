import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { largestCacheBytes } from './cache-size.ts';
import { linkGbPerS, pcieLinks } from './pcie-links.ts';
import { probeMemory } from './probe-memory.ts';
import { streamWorker } from './stream-worker.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-memory-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, files: Record<string, string>): void {
  mkdirSync(join(dir, path), { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(dir, path, name), `${text}\n`);
}

describe('memory bandwidth', () => {
  it('is measured by the four loops of STREAM on all threads', async () => {
    const probe = await probeMemory({ threads: 2, arrayBytes: 4_000_000, rounds: 3 });
    expect(probe.kernels.map((one) => one.kernel)).toEqual(['copy', 'scale', 'add', 'triad']);
    for (const { kernel, bestGbPerS, medianGbPerS } of probe.kernels) {
      expect(probe.samples[kernel]).toHaveLength(3);
      expect(medianGbPerS).toBeGreaterThan(0);
      expect(bestGbPerS).toBe(Math.max(...probe.samples[kernel]));
    }
  });

  it('loops compute what STREAM says, each thread its part', () => {
    const length = 10;
    const arrays = new SharedArrayBuffer(3 * length * 8);
    const barrier = new SharedArrayBuffer(8);
    const run = streamWorker({ arrays, length, from: 2, to: 7, barrier, threads: 1 });
    for (const kernel of ['copy', 'scale', 'add', 'triad'] as const) run(kernel);
    // c = a = 1; b = 3 c = 3; c = a + b = 4; a = b + 3 c = 15.
    expect([...new Float64Array(arrays, 0, length)]).toEqual([0, 0, 15, 15, 15, 15, 15, 0, 0, 0]);
    expect(new Float64Array(arrays, length * 8, length)[2]).toBe(3);
    expect(new Float64Array(arrays, 2 * length * 8, length)[6]).toBe(4);
  });
});

describe('what the system shows', () => {
  it('of caches: the largest', async () => {
    put('cache/index0', { size: '32K' });
    put('cache/index3', { size: '36M' });
    expect(await largestCacheBytes(join(dir, 'cache'))).toBe(36 * 1_048_576);
    expect(await largestCacheBytes(join(dir, 'none'))).toBeNull();
  });

  it('of PCIe: links of accelerators, and those below what they could', async () => {
    const link = { max_link_speed: '32.0 GT/s PCIe', max_link_width: '16' };
    put('pci/0000:01:00.0', {
      class: '0x030200',
      current_link_speed: '32.0 GT/s PCIe',
      current_link_width: '8',
      ...link,
    });
    put('pci/0000:02:00.0', {
      class: '0x020000',
      current_link_speed: 'Unknown',
      current_link_width: '0',
      ...link,
    });
    put('pci/0000:03:00.0', { class: '0x060400' });
    expect(await pcieLinks(join(dir, 'pci'))).toEqual([
      expect.objectContaining({ address: '0000:01:00.0', kind: 'accelerator', degraded: true }),
    ]);
    expect(await pcieLinks(join(dir, 'none'))).toEqual([]);
  });

  it('rates by generation', () => {
    expect(linkGbPerS('2.5 GT/s PCIe', '1')).toBeCloseTo(0.25, 9);
    expect(linkGbPerS('16.0 GT/s PCIe', '16')).toBeCloseTo(31.508, 3);
    expect(linkGbPerS('Unknown', '16')).toBeNull();
  });
});
