import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../../records/clock.ts';
import type { Timing } from './emulation.ts';

/** The time of the machine. */
export const realTiming = (clock: Clock): Timing => ({
  nowMs: () => clock.monoMs(),
  async sleepUntil(atMs) {
    const leftMs = atMs - clock.monoMs();
    if (leftMs > 0) await setTimeout(leftMs);
  },
});
