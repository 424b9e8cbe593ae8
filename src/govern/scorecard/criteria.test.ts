import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectors } from '../evidence/collectors.ts';
import { interviewQuestions } from './interview.ts';
import { shippedCriteria } from './load-criteria.ts';
import { overrideThresholds } from './override-thresholds.ts';
import { parseCriteria } from './parse-criteria.ts';

const folder = join(import.meta.dirname, 'testdata');
const shipped = readFileSync(join(import.meta.dirname, 'criteria.yaml'), 'utf8');
const known = new Set(collectors.map((one) => one.id));
const parse = (text: string) => parseCriteria(text, { file: 'criteria.yaml', collectors: known });

describe('criteria.yaml', () => {
  test('binds every condition to a collector, an attestation or what is not built yet', () => {
    const { conditions, categories } = shippedCriteria();
    expect(categories).toHaveLength(8);
    for (const one of conditions) {
      const bound = [one.collector, one.attestation, one.notYet].filter((way) => way !== undefined);
      expect(bound, one.id).toHaveLength(1);
    }
  });

  test('names every collector that there is', () => {
    const named = new Set(shippedCriteria().conditions.flatMap((one) => one.collector ?? []));
    expect(named).toEqual(known);
  });

  test('asks so little that an interview takes ten minutes, and never of level 2', () => {
    const questions = interviewQuestions(shippedCriteria());
    expect(questions.length).toBeLessThanOrEqual(40);
    const levels = new Map(shippedCriteria().conditions.map((one) => [one.id, one.level]));
    expect(new Set(questions.map((one) => levels.get(one.condition)))).toEqual(new Set([1]));
  });
});

/** `x.bad.txt` holds a line to replace and what it becomes, then `---`, then what the error must say. */
const cases = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test('there are golden files', () => expect(cases.length).toBeGreaterThan(8));

test.each(cases)('%s', (name) => {
  const [change = '', expected = ''] = readFileSync(join(folder, name), 'utf8').split('\n---\n');
  const [from = '', to = ''] = change.split('\n=>\n');
  expect(shipped).toContain(from);
  const parsed = parse(shipped.replace(from, to));
  if (name.endsWith('.good.txt')) {
    expect(parsed.ok ? '' : parsed.error.message).toBe('');
    return;
  }
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) {
    expect(parsed.error.code).toBe('TR_CRITERIA_INVALID');
    expect(parsed.error.message).toBe(expected.trimEnd());
  }
});

test('no text makes the parser throw', () => {
  const lines = shipped.split('\n');
  fc.assert(
    fc.property(
      fc.nat(lines.length - 1),
      fc.oneof(fc.string(), fc.constantFrom('- [', 'a: &a [*a]', '\t- x', '? {', '!!js/x 1', '')),
      (at, line) => {
        const text = lines.with(at, line).join('\n');
        const parsed = parse(text);
        if (!parsed.ok) expect(parsed.error.code).toBe('TR_CRITERIA_INVALID');
      },
    ),
    { numRuns: 20 },
  );
});

describe('own thresholds', () => {
  const criteria = shippedCriteria();

  test('move a bound and keep its direction and unit', () => {
    const moved = overrideThresholds(criteria, { 'serving.attainment': 0.9 });
    const found = moved.ok
      ? moved.value.conditions.find((one) => one.id === 'serving.attainment')
      : null;
    expect(found?.threshold).toEqual({ atLeast: 0.9, unit: 'share' });
  });

  test.each(['no.such', 'reliability.on-call'])('%s is refused by name', (id) => {
    const moved = overrideThresholds(criteria, { [id]: 1 });
    expect(moved.ok).toBe(false);
    if (!moved.ok) expect(moved.error.field).toBe(`scorecard.thresholds.${id}`);
  });
});
