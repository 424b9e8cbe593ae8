import { expect, test } from 'vitest';
import { sloOf } from './slo-of.ts';

test('a target is read where the plan has one', () => {
  expect(sloOf({ slo: { ttftMs: { p99: 500 } } }, 'ttftMs', 'p99')).toBe(500);
  expect(sloOf({ slo: { ttftMs: { p99: 500 } } }, 'ttftMs', 'p95')).toBeNull();
  expect(sloOf({ slo: null }, 'e2eMs', 'p99')).toBeNull();
  expect(sloOf({}, 'e2eMs', 'p99')).toBeNull();
});
