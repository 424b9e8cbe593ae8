import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthRules, healthShare, newHealth, noteAttempt } from './health.ts';
import { pickEngine, type Candidate, type RoutingPolicy } from './pick-engine.ts';

const candidate = fc.record({
  engine: fc.string({ minLength: 1 }),
  weight: fc.double({ min: 0, max: 1000, noNaN: true }),
  outstanding: fc.nat(1000),
  healthShare: fc.constantFrom(0, 0.1, 0.5, 1),
});
const policy = fc.constantFrom<RoutingPolicy>(
  'weighted',
  'least-outstanding',
  'power-of-two',
  'prefix-affine',
);
const prefix = fc.option(fc.nat(1000), { nil: null });
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a candidate is picked whenever there is one, and never an ejected one while another is up', () => {
  fc.assert(
    fc.property(
      policy,
      fc.array(candidate, { maxLength: 8 }),
      uniform,
      prefix,
      (how, all, random, key) => {
        const picked = pickEngine(how, all, () => random, key);
        expect(picked === null).toBe(all.length === 0);
        const up = all.filter((one) => one.healthShare > 0 && one.weight > 0);
        if (up.length > 0) expect(up).toContain(picked);
      },
    ),
  );
});

test('weights are kept in the long run, and a returning engine gets its share of them', () => {
  const all: Candidate[] = [
    { engine: 'a', weight: 3, outstanding: 0, healthShare: 1 },
    { engine: 'b', weight: 2, outstanding: 0, healthShare: 0.5 },
  ];
  let seen = 0;
  // A low-discrepancy sequence instead of random numbers: the same every run.
  for (let i = 0; i < 4000; i += 1) {
    if (pickEngine('weighted', all, () => (i * 0.618_033_988_75) % 1)?.engine === 'a') seen += 1;
  }
  expect(seen / 4000).toBeCloseTo(0.75, 2);
});

test('least outstanding takes the emptiest by weight', () => {
  const of = (engine: string, outstanding: number, weight = 1): Candidate => ({
    engine,
    outstanding,
    weight,
    healthShare: 1,
  });
  expect(
    pickEngine('least-outstanding', [of('a', 5), of('b', 2), of('c', 9)], () => 0)?.engine,
  ).toBe('b');
  expect(pickEngine('least-outstanding', [of('a', 5, 10), of('b', 2)], () => 0)?.engine).toBe('a');
});

const fleet = (outstanding: readonly number[]): Candidate[] =>
  outstanding.map((count, i) => ({
    engine: `e${i}`,
    weight: 1,
    outstanding: count,
    healthShare: 1,
  }));

test('power of two never takes the busiest of all', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(50), { minLength: 2, maxLength: 8 }),
      fc.array(uniform, { minLength: 2 }),
      (loads, draws) => {
        let at = 0;
        const random = () => draws[at++ % draws.length] ?? 0;
        const picked = pickEngine('power-of-two', fleet(loads), random);
        expect(picked?.outstanding).toBeLessThan(Math.max(...loads));
      },
    ),
  );
});

test('prefixes stay with their engine, spread evenly, and move only with the engine that leaves', () => {
  const all = fleet([0, 0, 0, 0]);
  const homeOf = (pool: readonly Candidate[], key: number): string =>
    pickEngine('prefix-affine', pool, () => 0, key)?.engine ?? '';
  const homes = Array.from({ length: 4000 }, (_, key) => homeOf(all, key));
  for (const { engine } of all) {
    const count = homes.filter((home) => home === engine).length;
    expect(Math.abs(count / 1000 - 1)).toBeLessThan(0.15);
  }
  const rest = all.slice(1);
  for (const [key, home] of homes.entries()) {
    if (home !== 'e0') expect(homeOf(rest, key)).toBe(home);
  }
});

test('a favourite that is overloaded passes requests on', () => {
  const key = 7;
  const home = pickEngine('prefix-affine', fleet([0, 0, 0]), () => 0, key)?.engine;
  const loads = [0, 1, 2].map((i) => (home === `e${i}` ? 90 : 3));
  expect(pickEngine('prefix-affine', fleet(loads), () => 0, key)?.engine).not.toBe(home);
});

test('five failures in a row eject, the return is gradual, a failure on return ejects for longer', () => {
  const health = newHealth();
  for (let i = 0; i < 4; i += 1) noteAttempt(health, false, 0);
  expect(healthShare(health, 0)).toBe(1);
  noteAttempt(health, true, 0);
  for (let i = 0; i < 5; i += 1) noteAttempt(health, false, 0);
  expect(healthShare(health, healthRules.baseEjectionMs - 1)).toBe(0);
  expect(healthShare(health, healthRules.baseEjectionMs)).toBe(healthRules.rampFloor);
  expect(healthShare(health, healthRules.baseEjectionMs + healthRules.rampMs / 2)).toBeCloseTo(0.5);
  noteAttempt(health, false, healthRules.baseEjectionMs + 1);
  expect(healthShare(health, healthRules.baseEjectionMs * 3)).toBe(0);
  expect(healthShare(health, healthRules.baseEjectionMs * 3 + 2)).toBeGreaterThan(0);
});

test('health never leaves 0..1 and an ejection always ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.nat(60_000)), { maxLength: 200 }),
      (attempts) => {
        const health = newHealth();
        let nowMs = 0;
        for (const [succeeded, passedMs] of attempts) {
          nowMs += passedMs;
          noteAttempt(health, succeeded, nowMs);
          const share = healthShare(health, nowMs);
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(healthShare(health, nowMs + healthRules.maxEjectionMs + healthRules.rampMs)).toBe(1);
      },
    ),
  );
});
