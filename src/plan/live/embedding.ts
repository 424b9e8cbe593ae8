import { createRandom, mixSeeds } from '../core/random.ts';

/** FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923), over UTF-16 code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * A unit vector that depends on the text and the seed alone. Without meaning: texts that are alike get vectors
 * that are not.
 */
export function embeddingOf(text: string, seed: number, dimensions: number): Float32Array {
  const random = createRandom(mixSeeds(seed, hashText(text)));
  const vector = new Float32Array(dimensions);
  let squares = 0;
  for (let i = 0; i < dimensions; i += 1) {
    const x = random.uniform() - 0.5;
    vector[i] = x;
    squares += x * x;
  }
  const scale = 1 / Math.sqrt(squares);
  return vector.map((x) => x * scale);
}

/** The two encodings of the API: a list of numbers, or little-endian 32-bit floats in base64. */
export const encodeEmbedding = (vector: Float32Array, base64: boolean): number[] | string =>
  base64
    ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
    : Array.from(vector);
