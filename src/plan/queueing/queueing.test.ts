import { describe, expect, it } from 'vitest';
import { allenCunneen, erlangC, kingman, manyServerMeans, pollaczekKhinchine } from './formulas.ts';
import { poissonDraws } from './queue-draws.ts';
import { simulateQueue } from './simulate-queue.ts';

const value = <T>(result: { ok: true; value: T } | { ok: false; error: Error }): T => {
  if (!result.ok) throw result.error;
  return result.value;
};

describe('closed forms', () => {
  it('give textbook values', () => {
    // M/D/1 waits half as long as M/M/1, whose wait is rho / (1 - rho) services.
    const half = { arrivalRate: 0.5, serviceMean: 1 };
    expect(value(pollaczekKhinchine({ ...half, serviceVariation: 1 })).wait).toBeCloseTo(1, 12);
    expect(value(pollaczekKhinchine({ ...half, serviceVariation: 0 })).wait).toBeCloseTo(0.5, 12);
    // Two servers at 0.75: C = 2 rho^2 / (1 + rho) by hand.
    expect(erlangC(1.5, 2)).toBeCloseTo((2 * 0.75 ** 2) / 1.75, 12);
    expect(erlangC(0.5, 1)).toBeCloseTo(0.5, 12);
  });

  it('agree where their assumptions meet', () => {
    const one = { arrivalRate: 0.8, serviceMean: 1 };
    const exact = value(pollaczekKhinchine({ ...one, serviceVariation: 2 }));
    expect(value(kingman(one, { arrival: 1, service: 2 })).wait).toBeCloseTo(exact.wait, 12);
    const many = { arrivalRate: 3.2, serviceMean: 1, servers: 4 };
    expect(value(allenCunneen(many, { arrival: 1, service: 1 }))).toEqual(
      value(manyServerMeans(many)),
    );
  });

  it('stays finite for a thousand servers', () => {
    const many = { arrivalRate: 950, serviceMean: 1, servers: 1000 };
    const { wait } = value(manyServerMeans(many));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThan(0.01);
  });

  it('refuses what has no steady state, naming the field', () => {
    const unstable = manyServerMeans({ arrivalRate: 4, serviceMean: 1, servers: 4 });
    expect(unstable.ok ? null : unstable.error).toMatchObject({
      code: 'TR_PLAN_INVALID',
      field: 'arrivalRate',
    });
    const odd = kingman({ arrivalRate: 1, serviceMean: Number.NaN }, { arrival: 1, service: 1 });
    expect(odd.ok ? null : odd.error).toMatchObject({ field: 'serviceMean' });
  });
});

describe('simulateQueue', () => {
  const run = (seed: number) =>
    simulateQueue({
      servers: 2,
      arrivals: 20_000,
      draws: poissonDraws({
        arrivalRate: 1.6,
        serviceMeanS: 1,
        law: { kind: 'exponential' },
        seed,
      }),
    });

  it('follows a schedule made by hand', () => {
    const gaps = [1, 1, 1];
    const services = [5, 2, 1];
    const draws = {
      gapS: () => gaps.shift() ?? Number.NaN,
      serviceS: () => services.shift() ?? Number.NaN,
    };
    // Arrivals at 1, 2, 3; one server: starts at 1, 6, 8; ends at 6, 8, 9.
    expect(simulateQueue({ servers: 1, arrivals: 3, draws })).toEqual({
      arrivals: 3,
      meanWaitS: (0 + 4 + 5) / 3,
      meanSojournS: (5 + 6 + 6) / 3,
      meanInSystem: 17 / 9,
      throughputPerS: 3 / 9,
      endS: 9,
    });
  });

  it('repeats byte for byte for a seed and differs between seeds', () => {
    expect(JSON.stringify(run(3))).toBe(JSON.stringify(run(3)));
    expect(run(3)).not.toEqual(run(4));
  });

  it("keeps Little's law without a remainder", () => {
    const { meanInSystem, throughputPerS, meanSojournS } = run(5);
    expect(Math.abs(meanInSystem / (throughputPerS * meanSojournS) - 1)).toBeLessThan(1e-9);
  });
});
