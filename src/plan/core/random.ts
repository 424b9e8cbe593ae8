/** A seeded stream of random numbers. Same seed, same numbers, on every machine. */
export interface Random {
  /** Uniform integer in 0..2^32-1. */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** Lognormal with the given mean and coefficient of variation. */
  lognormal(mean: number, variation: number): number;
}

/**
 * Mixes two integers into 32 well-spread bits: the finalizer of MurmurHash3 (Austin Appleby, public
 * domain) over their combination. Used to derive the seed of a stream from a seed and a label.
 */
export function mixSeeds(seed: number, label: number): number {
  let h = (seed ^ Math.imul(label ^ (label >>> 16), 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * xoshiro128** 1.1 (David Blackman and Sebastiano Vigna, "Scrambled Linear Pseudorandom Number
 * Generators", ACM TOMS 47(4), 2021; public-domain reference at prng.di.unimi.it), period
 * 2^128 - 1, seeded through mixSeeds so that near seeds give unrelated streams.
 */
export function createRandom(seed: number): Random {
  const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
  const base = mixSeeds(seed >>> 0, high ^ 0x243f6a88);
  let a = mixSeeds(base, 1);
  let b = mixSeeds(base, 2);
  let c = mixSeeds(base, 3);
  // An all-zero state would be a fixed point; one odd word rules it out.
  let d = (mixSeeds(base, 4) | 1) >>> 0;

  const uint32 = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number =>
    ((uint32() >>> 5) * 67_108_864 + (uint32() >>> 6)) / 9_007_199_254_740_992;
  // Box and Muller (Annals of Mathematical Statistics 29, 1958); 1 - u keeps the logarithm finite.
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const lognormal = (mean: number, variation: number): number => {
    const sigma2 = Math.log(1 + variation * variation);
    return mean * Math.exp(Math.sqrt(sigma2) * normal() - sigma2 / 2);
  };
  return {
    uint32,
    uniform,
    normal,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    lognormal,
  };
}
