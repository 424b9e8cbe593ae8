import type { ReadSample, Timing } from './emulation.ts';

/**
 * A reader held to a rate: reads queue behind each other and each takes bytes / rate at least, as a
 * disk or a share of a file system does. Serial by intent: the rate is of all accelerators together.
 */
export function throttle(read: ReadSample, bytesPerS: number, timing: Timing): ReadSample {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  return async (sample) => {
    const askedMs = timing.nowMs();
    const { bytes } = await read(sample);
    freeAtMs = Math.max(freeAtMs, askedMs) + (bytes / bytesPerS) * 1000;
    await timing.sleepUntil(freeAtMs);
    return { bytes, readMs: [timing.nowMs() - askedMs] };
  };
}
