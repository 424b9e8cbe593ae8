export const STREAM_KERNELS = ['copy', 'scale', 'add', 'triad'] as const;
export type StreamKernel = (typeof STREAM_KERNELS)[number];

export interface StreamSetup {
  /** Three arrays of `length` doubles, one after the other. */
  arrays: SharedArrayBuffer;
  length: number;
  /** This thread's part of each array. */
  from: number;
  to: number;
  /** Two counters: threads that arrived at the barrier, and its round. */
  barrier: SharedArrayBuffer;
  threads: number;
}

/**
 * The loops of STREAM (J. D. McCalpin, Memory Bandwidth and Machine Balance, IEEE TCCA Newsletter, 1995)
 * in a thread of its own, started from its source text: it may use nothing from outside itself.
 * Answers the milliseconds that this thread's part took, begun together with all others.
 */
export function streamWorker(setup: StreamSetup): (kernel: StreamKernel) => number {
  const { arrays, length, from, to, threads } = setup;
  const bytes = length * Float64Array.BYTES_PER_ELEMENT;
  const a = new Float64Array(arrays, 0, length);
  const b = new Float64Array(arrays, bytes, length);
  const c = new Float64Array(arrays, 2 * bytes, length);
  const barrier = new Int32Array(setup.barrier);
  const scalar = 3;
  const at = (array: Float64Array, i: number): number => array[i] ?? 0;
  a.fill(1, from, to);
  b.fill(2, from, to);
  c.fill(0, from, to);

  const loops: Readonly<Record<StreamKernel, () => void>> = {
    copy: () => {
      for (let i = from; i < to; i += 1) c[i] = at(a, i);
    },
    scale: () => {
      for (let i = from; i < to; i += 1) b[i] = scalar * at(c, i);
    },
    add: () => {
      for (let i = from; i < to; i += 1) c[i] = at(a, i) + at(b, i);
    },
    triad: () => {
      for (let i = from; i < to; i += 1) a[i] = at(b, i) + scalar * at(c, i);
    },
  };

  const meet = (): void => {
    const round = Atomics.load(barrier, 1);
    if (Atomics.add(barrier, 0, 1) === threads - 1) {
      Atomics.store(barrier, 0, 0);
      Atomics.add(barrier, 1, 1);
      Atomics.notify(barrier, 1);
    } else Atomics.wait(barrier, 1, round, 10_000);
  };

  return (kernel) => {
    meet();
    const beganMs = performance.now();
    loops[kernel]();
    return performance.now() - beganMs;
  };
}
