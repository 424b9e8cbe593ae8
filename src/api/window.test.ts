import { describe, expect, test } from 'vitest';
import { MAX_DURATION_MS } from '../records/duration.ts';
import { MAX_STEPS, resolveStep, resolveWindow } from './window.ts';

const nowMs = 1_800_000_000_000;

describe('resolveWindow', () => {
  test('without anything the default before now', () => {
    expect(resolveWindow({}, nowMs, '1h')).toEqual({
      ok: true,
      value: { fromMs: nowMs - 3_600_000, toMs: nowMs },
    });
  });

  test('fromMs alone ends now', () => {
    expect(resolveWindow({ fromMs: 5 }, 10, '1h')).toEqual({
      ok: true,
      value: { fromMs: 5, toMs: 10 },
    });
  });

  test.each([
    [{ since: '1h', fromMs: 1 }, 'since'],
    [{ since: 'yesterday' }, 'since'],
    [{ toMs: 5 }, 'fromMs'],
    [{ fromMs: 10, toMs: 10 }, 'fromMs'],
    [{ fromMs: 0, toMs: MAX_DURATION_MS + 1 }, 'fromMs'],
    [{ since: '9999d' }, 'since'],
  ])('%j is refused and names %s', (ask, field) => {
    const result = resolveWindow(ask, nowMs, '1h');
    expect(result).toMatchObject({ ok: false, error: { code: 'TR_WINDOW_INVALID', field } });
  });
});

describe('resolveStep', () => {
  const hour = { fromMs: 0, toMs: 3_600_000 };

  test('about sixty round steps when none is asked for', () => {
    expect(resolveStep(hour, undefined)).toEqual({ ok: true, value: 60_000 });
    const week = resolveStep({ fromMs: 0, toMs: 7 * 86_400_000 }, undefined);
    expect(week).toEqual({ ok: true, value: 240 * 60_000 });
  });

  test('rounded up to whole minutes', () => {
    expect(resolveStep(hour, 61_000)).toEqual({ ok: true, value: 120_000 });
  });

  test('the default never exceeds the cap', () => {
    const longest = { fromMs: 0, toMs: MAX_DURATION_MS };
    const step = resolveStep(longest, undefined);
    expect(step.ok && MAX_DURATION_MS / step.value).toBeLessThanOrEqual(MAX_STEPS);
  });

  test('too many steps are refused with the smallest that is allowed', () => {
    const month = { fromMs: 0, toMs: 30 * 86_400_000 };
    const result = resolveStep(month, 60_000);
    expect(result).toMatchObject({ ok: false, error: { field: 'stepMs' } });
    const smallest = /at least (\d+)/.exec(result.ok ? '' : result.error.message)?.[1];
    expect(resolveStep(month, Number(smallest)).ok).toBe(true);
  });
});
