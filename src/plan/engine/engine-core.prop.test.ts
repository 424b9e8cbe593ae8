import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import { createRandom } from '../core/random.ts';
import { powerModel } from '../time/power.ts';
import { rooflineStepTime } from '../time/roofline.ts';
import { createContinuousBatching } from './continuous-batching.ts';
import { createEngineCore, type EngineCore, type Ticket } from './engine-core.ts';
import { simulate, type Arrival } from './simulate.ts';

function engine(kvBlocks: number, maxSequences = 8, accelerators = 2): EngineCore {
  const accelerator = findAccelerator('h100-sxm');
  const model = findModel('llama-3.1-8b');
  if (accelerator === null || model === null) throw new Error('not in the catalog');
  const tensorParallel = accelerators;
  const time = rooflineStepTime({ accelerator, model, tensorParallel, quantization: 'bf16' });
  const power = powerModel(accelerator);
  if (!time.ok || !power.ok) throw new Error('no model');
  const scheduler = createContinuousBatching({
    maxSequences,
    maxBatchedTokens: 256,
    kvBlocks,
    maxContext: 8192,
    maxWaiting: 1000,
  });
  return createEngineCore({ scheduler, time: time.value, power: power.value, accelerators });
}

const arrival: fc.Arbitrary<Arrival> = fc.record(
  {
    timeS: fc.double({ min: 0, max: 2, noNaN: true }),
    promptTokens: fc.integer({ min: 1, max: 300 }),
    outputTokens: fc.integer({ min: 0, max: 60 }),
    cancelS: fc.double({ min: 0, max: 3, noNaN: true }),
  },
  { requiredKeys: ['timeS', 'promptTokens', 'outputTokens'] },
);
const arrivals = fc.array(arrival, { minLength: 1, maxLength: 30 });

const isTicket = (one: unknown): one is Ticket => typeof one === 'object';

describe('engine core', () => {
  it('shares out all energy and busy time: requests + idle = meter', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 8, max: 200 }), (all, kvBlocks) => {
        const { outcomes, meter, complete } = simulate(engine(kvBlocks), all, { maxEvents: 1e6 });
        expect(complete).toBe(true);
        const tickets = outcomes.filter(isTicket);
        const energyJ = tickets.reduce((sum, one) => sum + one.energyJ, meter.idleEnergyJ);
        const acceleratorS = tickets.reduce((sum, one) => sum + one.acceleratorS, 0);
        expect(Math.abs(energyJ - meter.energyJ)).toBeLessThanOrEqual(1e-6 * (1 + meter.energyJ));
        expect(Math.abs(acceleratorS - 2 * meter.busyS)).toBeLessThanOrEqual(1e-6);
        expect(meter.busyS).toBeLessThanOrEqual(meter.clockS * (1 + 1e-9));
      }),
    );
  });

  it("keeps Little's law: time integrals equal the sums over requests", () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        // Room for everyone, so that nobody is preempted or goes away.
        const calm = all.map(({ timeS, promptTokens, outputTokens }) => ({
          timeS,
          promptTokens,
          outputTokens,
        }));
        const { outcomes, meter } = simulate(engine(10_000, 4), calm, { maxEvents: 1e6 });
        const tickets = outcomes.filter(isTicket);
        let waitedS = 0;
        let ranS = 0;
        for (const { arrivedS, startedS, lastTokenS } of tickets) {
          if (startedS === null || lastTokenS === null) throw new Error('did not run');
          waitedS += startedS - arrivedS;
          ranS += lastTokenS - startedS;
        }
        expect(meter.waitingS).toBeCloseTo(waitedS, 9);
        expect(meter.runningS).toBeCloseTo(ranS, 9);
      }),
    );
  });

  it('conserves tokens, ends every request, and orders its times', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 8, max: 60 }), (all, kvBlocks) => {
        const core = engine(kvBlocks);
        const { outcomes } = simulate(core, all, { maxEvents: 1e6 });
        for (const [i, one] of outcomes.entries()) {
          if (!isTicket(one)) {
            expect(one).toBe('too-long');
            continue;
          }
          const { sequence, arrivedS, startedS, firstTokenS, lastTokenS } = one;
          if (sequence.state === 'removed') {
            expect(all[i]?.cancelS).toBeDefined();
            continue;
          }
          expect(sequence.state).toBe('finished');
          expect(sequence.generated).toBe(all[i]?.outputTokens);
          const times = [arrivedS, startedS, firstTokenS, lastTokenS];
          expect(times).not.toContain(null);
          expect(times).toEqual([...times].sort((a, b) => Number(a) - Number(b)));
        }
        expect(core.counts()).toMatchObject({ running: 0, waiting: 0, kvBlocksUsed: 0 });
      }),
    );
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const run = (seed: number): string => {
      const random = createRandom(seed);
      let timeS = 0;
      const load = Array.from({ length: 200 }, () => {
        timeS += random.exponential(0.05);
        const promptTokens = Math.ceil(random.lognormal(150, 1));
        return { timeS, promptTokens, outputTokens: 1 + (random.uint32() % 80) };
      });
      return JSON.stringify(simulate(engine(150), load, { maxEvents: 1e6 }));
    };
    expect(run(3)).toBe(run(3));
    expect(run(3)).not.toBe(run(4));
  });

  it('turns load into queueing: a small batch limit makes requests wait', () => {
    const load = Array.from({ length: 64 }, () => ({
      timeS: 0,
      promptTokens: 100,
      outputTokens: 20,
    }));
    const wide = simulate(engine(10_000, 64), load, { maxEvents: 1e6 }).meter;
    const narrow = simulate(engine(10_000, 4), load, { maxEvents: 1e6 }).meter;
    expect(narrow.clockS).toBeGreaterThan(2 * wide.clockS);
    expect(narrow.waitingS).toBeGreaterThan(5 * wide.waitingS);
  });
});
