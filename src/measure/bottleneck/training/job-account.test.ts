import { describe, expect, it } from 'vitest';
import { accountOf, saidOf, shareOf, startMs, stepsOf, testingDevices } from '../testing-facts.ts';

const even = { data: 400, forward: 200, backward: 350, comm: 50 };

describe('the account of a job', () => {
  it('reads 40 % waiting for data where 60 % of demand is fed', () => {
    const one = accountOf(stepsOf([even, even]));
    expect(shareOf(one, 'data-stall')).toBeCloseTo(0.4, 9);
    expect(shareOf(one, 'communication')).toBeCloseTo(0.05, 9);
    expect(one.account.usd).toBeCloseTo(6, 9);
    expect(one.detail.feed).toMatchObject({ unit: 'tokens', actualPerS: 2000 });
    expect(one.detail.feed?.couldTakePerS).toBeCloseTo(2000 / 0.6, 6);
    expect(one.account.metrics.acceleratorUtilization).toBeCloseTo(0.55 / 0.95, 9);
  });

  it('sends the wait for a rank without data to the data, for a slow one to stragglers', () => {
    const starved = accountOf(
      stepsOf([
        { data: 400, forward: 550, comm: 50 },
        { data: 0, forward: 550, comm: 450 },
      ]),
    );
    expect(shareOf(starved, 'data-stall')).toBeCloseTo(0.4, 9);
    expect(shareOf(starved, 'network')).toBeCloseTo(0, 9);
    const slow = accountOf(
      stepsOf([
        { forward: 950, comm: 50 },
        { forward: 550, comm: 450 },
      ]),
    );
    expect(shareOf(slow, 'network')).toBeCloseTo(0.2, 9);
    expect(slow.detail.lastRank).toEqual({ rank: 0, share: 1 });
  });

  it('takes exchange beyond its best pace for the network', () => {
    const fast = { forward: 900, comm: 100 };
    const slow = { forward: 500, comm: 500 };
    const one = accountOf([
      ...stepsOf([fast, fast], { count: 1800 }),
      ...stepsOf([slow, slow], { count: 1800, from: 1800, firstStep: 1800 }),
    ]);
    expect(shareOf(one, 'communication')).toBeCloseTo(0.1, 9);
    expect(shareOf(one, 'network')).toBeCloseTo(0.2, 9);
  });

  it('counts FLOPs of kept work as useful, and splits the rest by counters', () => {
    const one = accountOf(stepsOf([{ forward: 1000 }, { forward: 1000 }]), {
      // 1000 tokens a second and rank at 494.5e9 FLOPs are half of 989 TFLOP/s.
      config: { flopsPerToken: 494.5e9 },
      devices: testingDevices({ smActive: 0.8, tensorActive: 0.5, dramActive: 0.6 }),
    });
    expect(shareOf(one, 'useful')).toBeCloseTo(0.5, 2);
    expect(shareOf(one, 'memory-bandwidth')).toBeCloseTo(0.1, 9);
    expect(shareOf(one, 'low-occupancy')).toBeCloseTo(0.2, 9);
    expect(one.account.metrics.modelFlopsUtilization).toBeCloseTo(0.5, 2);
  });

  it('takes bubbles and padding from what the job says of itself', () => {
    const one = accountOf(stepsOf([{ forward: 1000 }, { forward: 1000 }]), {
      config: {
        pipeline: { stages: 4, microbatches: 9, interleave: 1 },
        positionsPerStep: 2000,
      },
    });
    expect(shareOf(one, 'pipeline-bubble')).toBeCloseTo(0.25, 9);
    expect(shareOf(one, 'padding')).toBeCloseTo(0.375, 9);
  });

  it('gives work that is done again to failures, with the time until the restart', () => {
    const one = accountOf([
      ...stepsOf([{ forward: 1000 }, { forward: 1000 }], { count: 1800 }),
      ...stepsOf([{ forward: 1000 }, { forward: 1000 }], {
        count: 1440,
        from: 2160,
        firstStep: 1440,
      }),
    ]);
    // 360 steps again and 360 s without one, of an hour.
    expect(shareOf(one, 'failed')).toBeCloseTo(0.2, 9);
  });

  it('knows starting from silence, and left on from stuck', () => {
    const steps = stepsOf([{ forward: 1000 }, { forward: 1000 }], { count: 900, from: 900 });
    const from = new Date(startMs).toISOString();
    const idle = accountOf(steps, {
      config: { from },
      devices: testingDevices({ activeShare: 0.25 }),
    });
    expect(shareOf(idle, 'starting')).toBeCloseTo(0.25, 9);
    expect(shareOf(idle, 'left-on')).toBeCloseTo(0.5, 9);
    const busy = accountOf(steps, {
      config: { from },
      devices: testingDevices({ activeShare: 0.7 }),
    });
    expect(shareOf(busy, 'left-on')).toBe(0);
    expect(saidOf(busy)).toMatch(/no step since .*counters do not say that it idles/);
  });

  it('compares throttled steps with free ones, or goes by clocks where there are none', () => {
    const half = startMs + 1_800_000;
    const throttle = {
      powerShare: 0.5,
      heatShare: 0,
      lostShare: 0.1,
      clockMhz: 1500,
      fullClockMhz: 2000,
    };
    const free = stepsOf([{ forward: 750 }, { forward: 750 }], { count: 1800 });
    const held = stepsOf([{ forward: 1000 }, { forward: 1000 }], {
      count: 1800,
      from: 1800,
      firstStep: 1800,
    });
    const measured = accountOf([...free, ...held], {
      devices: testingDevices({ throttle: { ...throttle, throttledAt: (atMs) => atMs > half } }),
    });
    expect(shareOf(measured, 'throttled')).toBeCloseTo(0.125, 9);
    const byClock = accountOf(held, {
      config: { from: new Date(half).toISOString() },
      devices: testingDevices({ throttle: { ...throttle, throttledAt: () => true } }),
    });
    expect(shareOf(byClock, 'throttled')).toBeCloseTo(0.1, 9);
  });

  it('says which ranks and phases are missing', () => {
    const one = accountOf(stepsOf([{ forward: 500 }]));
    expect(shareOf(one, 'unexplained')).toBeCloseTo(1, 9);
    expect(saidOf(one)).toContain('1 of 2 ranks write no step records');
    expect(saidOf(one)).toContain('25.0 % of the time is inside steps but in no phase of the log');
    expect(one.account.missing.join()).toContain('jobs[job].model');
  });
});
