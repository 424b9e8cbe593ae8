/** A link between accelerators: bytes per second each way, and seconds per hop. */
export interface Link {
  bytesPerS: number;
  latencyS: number;
}

/**
 * Ring collectives over p accelerators (Thakur, Rabenseifner, Gropp, "Optimization of Collective
 * Communication Operations in MPICH", 2005), milliseconds: an all-gather or a reduce-scatter passes a chunk p - 1
 * times; an all-reduce is one of each over chunks of bytes / p.
 */
export function ringMs(link: Link, p: number) {
  const passes = (count: number, chunkBytes: number): number =>
    1000 * count * (link.latencyS + chunkBytes / link.bytesPerS);
  return {
    /** `chunkBytes` is what one accelerator contributes. */
    allGather: (chunkBytes: number): number => passes(p - 1, chunkBytes),
    reduceScatter: (chunkBytes: number): number => passes(p - 1, chunkBytes),
    allReduce: (bytes: number): number => passes(2 * (p - 1), bytes / p),
  };
}
