import { expect, test } from 'vitest';
import { actionState } from './action-state.ts';

const DAY_MS = 86_400_000;
const at = (day: number, met: boolean) => ({ atMs: day * DAY_MS, met });
const stateOn = (day: number, ...history: Array<ReturnType<typeof at>>) =>
  actionState(history, day * DAY_MS);

test('an action closes after its condition held for 7 days, and not before', () => {
  expect(stateOn(3, at(0, false)).state).toBe('open');
  expect(stateOn(8.9, at(0, false), at(2, true)).state).toBe('closing');
  expect(stateOn(9, at(0, false), at(2, true))).toMatchObject({
    state: 'closed',
    closesAtMs: 9 * DAY_MS,
  });
});

test('it reopens when a closed one stops; one that stops before is open since its first day', () => {
  expect(stateOn(20, at(0, false), at(2, true), at(15, false))).toMatchObject({
    state: 'reopened',
    openedAtMs: 15 * DAY_MS,
  });
  expect(stateOn(20, at(0, false), at(2, true), at(5, false))).toMatchObject({
    state: 'open',
    openedAtMs: 0,
    sinceMs: 5 * DAY_MS,
  });
  expect(stateOn(30, at(0, false), at(2, true), at(15, false), at(16, true)).state).toBe('closed');
});
