import { expect, it } from 'vitest';
import { shippedCriteria } from '../scorecard/load-criteria.ts';
import { layers, questions } from './question.ts';

it('has 60 to 80 questions, each once, of every layer', () => {
  expect(questions.length).toBeGreaterThanOrEqual(60);
  expect(questions.length).toBeLessThanOrEqual(80);
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  expect(new Set(questions.map(({ ask }) => ask)).size).toBe(questions.length);
  for (const layer of layers) {
    const own = questions.filter((one) => one.layer === layer);
    expect(own.length, layer).toBeGreaterThanOrEqual(5);
    expect(own.every(({ id }) => id.startsWith(`${layer}.`))).toBe(true);
  }
});

it('names a condition of the scorecard in each', () => {
  const known = new Set(shippedCriteria().conditions.map(({ id }) => id));
  expect(questions.filter(({ condition }) => !known.has(condition))).toEqual([]);
});

it('can be checked by a probe only where a value can be compared', () => {
  for (const { id, answer, probe } of questions) {
    if (answer.kind === 'yes-no') expect(answer.wanted, id).toBeDefined();
    if (answer.kind === 'number') expect(answer.unit, id).toBeDefined();
    if (probe === null) continue;
    expect(answer.kind, id).toBe(probe.metric === null ? 'yes-no' : 'number');
  }
});
