import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evidenceSource,
  isMeasured,
  type EvidenceGrade,
  type EvidenceItem,
} from '../../records/evidence-item.ts';
import { gradeAt, gradeOf } from '../evidence/grade.ts';
import { shippedCriteria } from './load-criteria.ts';
import { scoreCard, totals, type NotApplicable, type ScoreCard } from './score-card.ts';

const criteria = shippedCriteria();
const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const days = fc.integer({ min: -200, max: 200 });
const anyItem: fc.Arbitrary<EvidenceItem> = fc
  .record({
    condition: fc.constantFrom(...criteria.conditions.map((one) => one.id)),
    service: fc.constantFrom(null, 'chat'),
    source: fc.constantFrom(...evidenceSource.options),
    holds: fc.boolean(),
    coverage: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    ageDays: fc.integer({ min: 0, max: 200 }),
    lifeDays: days,
    windowDays: fc.integer({ min: 1, max: 90 }),
    simulated: fc.boolean(),
    hasDocument: fc.boolean(),
    checkedBy: fc.constantFrom(null, 'auditor'),
    id: fc.uuid(),
  })
  .map((one) => {
    const toMs = NOW_MS - one.ageDays * DAY_MS;
    return {
      id: one.id,
      condition: one.condition,
      service: one.service,
      source: one.source,
      statement: 's',
      query: 'q',
      value: one.holds ? 1 : 0,
      unit: null,
      threshold: null,
      holds: one.holds,
      fromMs: toMs - one.windowDays * DAY_MS,
      toMs,
      coverage: one.coverage,
      atMs: toMs,
      expiresAtMs: toMs + one.lifeDays * DAY_MS,
      owner: 'o',
      grade: gradeOf(one),
      simulated: one.simulated,
      document: null,
      checkedBy: one.checkedBy,
    };
  });

/** Random items, and a set that holds for nearly everything, so that levels above 0 are reached and lost. */
const evidence = fc
  .tuple(fc.array(anyItem, { maxLength: 60 }), fc.array(anyItem, { minLength: 1 }), fc.boolean())
  .map(([some, [template], full]) => {
    if (!full || template === undefined) return some;
    const all = criteria.conditions.flatMap((condition, i) =>
      [null, 'chat'].map((service): EvidenceItem =>
        Object.assign({}, template, {
          id: `full-${i}-${service}`,
          condition: condition.id,
          service,
          holds: true,
          source: 'ledger' as const,
          grade: 3 as const,
          simulated: false,
          expiresAtMs: NOW_MS + DAY_MS,
        }),
      ),
    );
    return all.concat(some);
  });

const card = (items: readonly EvidenceItem[], nowMs = NOW_MS, service: string | null = null) =>
  scoreCard({ criteria, evidence: items, notApplicable: [], nowMs, service });
const scopes = fc.constantFrom(null, 'chat');

/** No total and no level of any category is higher in `b`. */
function expectNotHigher(b: ScoreCard, a: ScoreCard): void {
  for (const total of totals) {
    expect(b.totals[total]).toBeLessThanOrEqual(a.totals[total]);
    b.categories.forEach((one, i) => {
      expect(one.levels[total]).toBeLessThanOrEqual(a.categories[i]?.levels[total] ?? -1);
    });
  }
}

/** What can be taken back: what people brought. Measurements are never removed, only replaced. */
const isBrought = (item: EvidenceItem): boolean => !isMeasured(item.source);

describe('a score', () => {
  test('is never lowered by better evidence', () => {
    fc.assert(
      fc.property(evidence, anyItem, scopes, (items, added, service) => {
        const better = { ...added, holds: true };
        expectNotHigher(card(items, NOW_MS, service), card([...items, better], NOW_MS, service));
      }),
    );
  });

  test('is never raised when what supports it is removed, nor when what a person brought is', () => {
    fc.assert(
      fc.property(evidence, fc.nat(), scopes, (items, at, service) => {
        const removable = items.filter((item) => item.holds || isBrought(item));
        const gone = removable[at % Math.max(1, removable.length)];
        const left = items.filter((item) => item !== gone);
        expectNotHigher(card(left, NOW_MS, service), card(items, NOW_MS, service));
      }),
    );
  });

  test('is never raised by a measurement that says no', () => {
    fc.assert(
      fc.property(evidence, anyItem, (items, added) => {
        expectNotHigher(card([...items, { ...added, holds: false }]), card(items));
      }),
    );
  });

  test('does not depend on the order of evidence', () => {
    const shuffled = evidence.chain((items) =>
      fc.tuple(
        fc.constant(items),
        fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([items, other]) => {
        expect(card(other)).toEqual(card(items));
      }),
    );
  });

  test('only falls with time', () => {
    fc.assert(
      fc.property(evidence, fc.integer({ min: 0, max: 400 }), (items, later) => {
        // A measurement against a document ages too, and gives the document's own grade back.
        const supports = items.filter((item) => item.holds);
        expectNotHigher(card(supports, NOW_MS + later * DAY_MS), card(supports));
      }),
    );
  });

  test('claimed and simulated are never below proven, nor over 16', () => {
    fc.assert(
      fc.property(evidence, scopes, (items, service) => {
        const { claimed, proven, simulated } = card(items, NOW_MS, service).totals;
        expect(claimed).toBeGreaterThanOrEqual(proven);
        expect(simulated).toBeGreaterThanOrEqual(proven);
        expect(Math.max(claimed, simulated)).toBeLessThanOrEqual(16);
      }),
    );
  });

  test('of simulated evidence alone is 0 in claimed and proven', () => {
    fc.assert(
      fc.property(evidence, (items) => {
        const { claimed, proven } = card(
          items.map((item) => Object.assign({}, item, { simulated: true })),
        ).totals;
        expect([claimed, proven]).toEqual([0, 0]);
      }),
    );
  });

  test('of what people bring alone reaches level 1 at most', () => {
    fc.assert(
      fc.property(evidence, (items) => {
        const brought = items.map((item) =>
          Object.assign({}, item, {
            source: 'document',
            grade: Math.min(2, item.grade) as EvidenceGrade,
          } as const),
        );
        for (const one of card(brought).categories) expect(one.levels.proven).toBeLessThan(2);
      }),
    );
  });
});

test('a grade only falls with time, by one at a time', () => {
  fc.assert(
    fc.property(anyItem, fc.integer({ min: 0, max: 4000 }), (item, hours) => {
      const before = gradeAt(item, NOW_MS + hours * 3_600_000);
      const after = gradeAt(item, NOW_MS + (hours + 1) * 3_600_000);
      expect(after).toBeLessThanOrEqual(before);
      expect(before - after).toBeLessThanOrEqual(1);
    }),
  );
});

describe('what does not apply', () => {
  const all = (holds: (id: string) => boolean): EvidenceItem[] =>
    criteria.conditions
      .filter((one) => holds(one.id))
      .map((one) => ({
        id: one.id,
        condition: one.id,
        service: null,
        source: 'ledger',
        statement: 's',
        query: 'q',
        value: 1,
        unit: null,
        threshold: null,
        holds: true,
        fromMs: NOW_MS - DAY_MS,
        toMs: NOW_MS,
        coverage: 1,
        atMs: NOW_MS,
        expiresAtMs: NOW_MS + DAY_MS,
        owner: 'o',
        grade: 3,
        simulated: false,
        document: null,
        checkedBy: null,
      }));
  const saying = (condition: string, expiresAtMs: number): NotApplicable => ({
    condition,
    service: null,
    reason: 'no training here',
    owner: 'ada',
    expiresAtMs,
  });
  const levelOf = (notApplicable: NotApplicable[], ids: (id: string) => boolean): number =>
    scoreCard({
      criteria,
      evidence: all(ids),
      notApplicable,
      nowMs: NOW_MS,
      service: null,
    }).categories.find((one) => one.category.id === 'utilization')?.levels.proven ?? -1;

  test('is left out until it expires, and cannot empty a level', () => {
    const one = 'utilization.cap-tested';
    const rest = (id: string): boolean => id !== one;
    expect(levelOf([], rest)).toBe(1);
    expect(levelOf([saying(one, NOW_MS + 1)], rest)).toBe(2);
    expect(levelOf([saying(one, NOW_MS)], rest)).toBe(1);
    const level2 = criteria.conditions
      .filter(({ category, level }) => category === 'utilization' && level === 2)
      .map(({ id }) => saying(id, NOW_MS + 1));
    expect(levelOf(level2, (id) => !level2.some(({ condition }) => condition === id))).toBe(1);
  });
});
