import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findAccelerator } from '../../../catalog/accelerators.ts';
import { powerModel } from '../../time/power.ts';
import { cappedStep } from './power-cap.ts';

const accelerator = findAccelerator('h100-sxm');
const model = accelerator === null ? null : powerModel(accelerator);
if (model === null || !model.ok) throw new Error('no power model');
const power = model.value;

const ms = fc.double({ min: 0.01, max: 1000, noNaN: true });

test('a limit slows arithmetic alone, never draws more than it allows, and the lower the slower', () => {
  fc.assert(
    fc.property(ms, ms, fc.integer({ min: 80, max: 700 }), (computeMs, memoryMs, capW) => {
      const full = {
        totalMs: computeMs + memoryMs,
        computeMs,
        memoryMs,
        collectiveMs: 0,
        overheadMs: 0,
      };
      const free = cappedStep(full, power, null);
      expect(free).toMatchObject({ time: full, clockShare: 1 });
      const held = cappedStep(full, power, capW);
      expect(held.powerW).toBeLessThanOrEqual(Math.max(capW, power.idleW));
      expect(held.time.memoryMs).toBe(memoryMs);
      expect(held.time.computeMs * held.clockShare).toBeCloseTo(computeMs, 6);
      expect(held.time.totalMs).toBeCloseTo(held.time.computeMs + memoryMs, 6);
      const lower = cappedStep(full, power, capW - 10);
      expect(lower.clockShare).toBeLessThanOrEqual(held.clockShare);
    }),
  );
});
