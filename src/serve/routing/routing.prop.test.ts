import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthRules, healthShare, newHealth, noteAttempt } from './health.ts';
import { pickEngine, type Candidate } from './pick-engine.ts';

const candidate = fc.record({
  engine: fc.string({ minLength: 1 }),
  weight: fc.double({ min: 0, max: 1000, noNaN: true }),
  outstanding: fc.nat(1000),
  healthShare: fc.constantFrom(0, 0.1, 0.5, 1),
});
const policy = fc.constantFrom('weighted' as const, 'least-outstanding' as const);
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a candidate is picked whenever there is one, and never an ejected one while another is up', () => {
  fc.assert(
    fc.property(policy, fc.array(candidate, { maxLength: 8 }), uniform, (how, all, random) => {
      const picked = pickEngine(how, all, () => random);
      expect(picked === null).toBe(all.length === 0);
      const up = all.filter((one) => one.healthShare > 0 && one.weight > 0);
      if (up.length > 0) expect(up).toContain(picked);
    }),
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
