import { afterEach, describe, expect, it } from 'vitest';
import type { RunningStep } from '../engine/engine-core.ts';
import { buildEngine } from './build-engine.ts';
import { testConfig } from './live-fixture.ts';
import { createLiveLoop, type LiveLoop } from './live-loop.ts';

let open: LiveLoop | null = null;
afterEach(() => open?.close());

/** A loop on a clock that moves only when told, and what it did. */
function start(speed: number) {
  const time = { ms: 1000 };
  const steps: RunningStep[] = [];
  const wakes: number[] = [];
  const { replicas } = buildEngine(testConfig());
  const loop = createLiveLoop({
    replicas,
    clock: { wallMs: () => 0, monoMs: () => time.ms },
    speed,
    onStep: (step) => steps.push(step),
    onWake: () => wakes.push(steps.length),
  });
  open = loop;
  return { time, steps, wakes, loop };
}

describe('live loop', () => {
  it('catches up after a delay: steps follow one another without a gap, in one wake', async () => {
    const { time, steps, wakes, loop } = start(1);
    const tickets = loop.submit([{ promptTokens: 100, outputTokens: 50 }]);
    if (typeof tickets === 'string') throw new Error(tickets);
    time.ms += 10_000;
    await expect.poll(() => tickets[0]?.sequence.state).toBe('finished');
    expect(steps).toHaveLength(50);
    expect(wakes).toEqual([50]);
    for (const [i, step] of steps.entries()) {
      expect(step.startS).toBe(i === 0 ? 0 : steps[i - 1]?.endS);
    }
    expect(tickets[0]?.lastTokenS).toBeLessThan(1);
    const [meter] = loop.meters();
    expect(meter?.clockS).toBeCloseTo(10, 9);
    expect(meter?.busyS).toBeCloseTo(steps.at(-1)?.endS ?? 0, 9);
  });

  it('runs simulated time at the stated speed', async () => {
    const { time, steps, loop } = start(100);
    loop.submit([{ promptTokens: 10, outputTokens: 1000 }]);
    time.ms += 20;
    await expect.poll(() => steps.length).toBeGreaterThan(100);
    // 20 ms are 2 simulated seconds; nothing that ends later may have been handled.
    expect(steps.at(-1)?.endS).toBeLessThanOrEqual(2);
    const [meter] = loop.meters();
    expect(meter?.clockS).toBeCloseTo(2, 9);
  });

  it('slows arrivals down with itself when the host is late, and says so', () => {
    const { time, loop } = start(1);
    loop.submit([{ promptTokens: 10, outputTokens: 10 }]);
    time.ms += 5000;
    const late = loop.submit([{ promptTokens: 10, outputTokens: 10 }]);
    if (typeof late === 'string') throw new Error(late);
    // The first step has ended long ago but was not handled yet: the arrival joins the one after it.
    expect(late[0]?.arrivedS).toBeLessThan(0.1);
    expect(loop.lagS()).toBeGreaterThan(4.9);
  });

  it('takes all sequences of a request or none', () => {
    const { loop } = start(1);
    const refused = loop.submit([
      { promptTokens: 10, outputTokens: 10 },
      { promptTokens: 10, outputTokens: 10_000_000 },
    ]);
    expect(refused).toBe('too-long');
    expect(loop.meters()[0]?.powerW).toBe(70);
    expect(loop.submit([{ promptTokens: 1, outputTokens: 1 }])).toHaveLength(1);
  });
});
