import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../../catalog/accelerators.ts';
import { countTokens } from '../../../records/token-count.ts';
import { probeHost } from './probe-host.ts';
import { documents, IMAGE_BYTES, packedImages } from './sample-data.ts';

describe('probe of the host', () => {
  it('says how many accelerators its preprocessing feeds', async () => {
    const accelerator = findAccelerator('h100-sxm');
    if (accelerator === null) throw new Error('no h100');
    const probe = await probeHost({ threads: 2, durationMs: 60, rounds: 3, accelerator });
    const [decode, tokenize] = probe.tasks;
    // 400 images in 0.224 s; 989e12 x 0.4 / (6 x 8e9) tokens.
    expect(decode).toMatchObject({ unit: 'images/s', demandPerS: 400 / 0.224 });
    expect(tokenize?.demandPerS).toBeCloseTo((989e12 * 0.4) / 48e9, 6);
    for (const one of probe.tasks) {
      expect(one.perS).toBeGreaterThan(0);
      expect(one.accelerators).toBeCloseTo(one.perS / (one.demandPerS ?? 0), 9);
    }
    expect(probe.samples.decode).toHaveLength(3);
  });

  it('does not invent an appetite', async () => {
    const accelerator = findAccelerator('l4');
    if (accelerator === null) throw new Error('no l4');
    const probe = await probeHost({ threads: 1, durationMs: 10, rounds: 1, accelerator });
    expect(probe.tasks[0]).toMatchObject({ demandPerS: null, accelerators: null });
  });
});

describe('sample data', () => {
  it('is the same everywhere and packs as images do', () => {
    const [image, other] = packedImages(2);
    if (image === undefined || other === undefined) throw new Error('two images');
    expect(inflateSync(image)).toHaveLength(IMAGE_BYTES);
    expect(Buffer.compare(image, other)).not.toBe(0);
    const ratio = image.length / IMAGE_BYTES;
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(0.8);
    expect(documents(1)).toEqual(documents(1));
    expect(countTokens(documents(1)[0] ?? '')).toBeGreaterThan(400);
  });
});
