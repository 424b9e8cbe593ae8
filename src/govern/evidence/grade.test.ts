import { describe, expect, test } from 'vitest';
import { gradeAt, gradeOf } from './grade.ts';

const DAY_MS = 86_400_000;
const measured = { source: 'ledger', hasDocument: false, checkedBy: null } as const;

describe('gradeOf', () => {
  test('a measurement is E3 from 80 % of its window on, less is a claim, an outside check makes E4', () => {
    expect(gradeOf({ ...measured, coverage: 0.8 })).toBe(3);
    expect(gradeOf({ ...measured, coverage: 0.799 })).toBe(1);
    expect(gradeOf({ ...measured, coverage: null })).toBe(1);
    expect(gradeOf({ ...measured, coverage: 1, checkedBy: 'auditor' })).toBe(4);
    expect(gradeOf({ ...measured, coverage: 0.5, checkedBy: 'auditor' })).toBe(1);
  });

  test.each(['document', 'attestation', 'test-run', 'external'] as const)(
    'what people bring as %s is E2 with a document, else a claim, whatever else is said',
    (source) => {
      const about = { source, coverage: 1, checkedBy: 'auditor' };
      expect(gradeOf({ ...about, hasDocument: true })).toBe(2);
      expect(gradeOf({ ...about, hasDocument: false })).toBe(1);
    },
  );
});

test('an item loses a grade as it expires, and one for each further window that begins', () => {
  const item = { grade: 3, fromMs: 0, toMs: 30 * DAY_MS, expiresAtMs: 33 * DAY_MS } as const;
  const at = (day: number) => gradeAt(item, day * DAY_MS);
  expect([30, 33, 33.01, 62.9, 63.1, 93.1, 200].map(at)).toEqual([3, 3, 2, 2, 1, 0, 0]);
});
