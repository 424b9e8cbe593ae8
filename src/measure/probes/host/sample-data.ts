import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** Bytes of a decoded ResNet-50 record of MLPerf Storage (record_length_bytes_resize): 224 x 224 x 3. */
export const IMAGE_BYTES = 150_528;

/**
 * Images that pack about as photographs do in PNG: smooth ramps with noise in the low bits. The same
 * bytes on every machine.
 */
export function packedImages(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, image) => {
    const raw = Buffer.alloc(IMAGE_BYTES);
    for (let at = 0; at < IMAGE_BYTES; at += 32) {
      const noise = createHash('sha256').update(`${image}/${at}`).digest();
      for (let i = 0; i < 32; i += 1) {
        // PNG stores differences to the neighbour; of a smooth image they are small.
        raw[at + i] = ((noise[i] ?? 0) & 15) - 8;
      }
    }
    return deflateSync(raw);
  });
}

const WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an ' +
  'accelerator bandwidth checkpoint gradient latency memory network percentile throughput utilization';

/** English-like documents of some 2,500 characters with new words among them, the same on every machine. */
export function documents(count: number): string[] {
  const words = WORDS.split(' ');
  const word = (i: number): string => words[i % words.length] ?? '';
  return Array.from({ length: count }, (_, document) =>
    Array.from({ length: 400 }, (__, i) => {
      const one = word(i * i + 7 * i + document * 13);
      // Every fifth is one that no table of common words holds, as names and numbers of real text.
      return i % 5 === 0 ? `${one}${word(i + document)}-${i * 31 + document}` : one;
    }).join(' '),
  );
}
