import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countTokens } from '../../../records/token-count.ts';
import { planProbe } from './probe-plan.ts';
import { PROBE_BOUNDS, probeSettings } from './probe-settings.ts';
import { wordsPrompt } from './prompts.ts';
import { percentMeasure, quantileMeasure } from './quantile-interval.ts';
import { createStreamReader } from './read-chat.ts';

it('prompts have exactly the tokens that they are said to have, and differ from their start on', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 8, max: 512 }), (a, b, n) => {
      expect(countTokens(wordsPrompt(a, n))).toBe(n);
      if (a !== b) expect(wordsPrompt(a, n)).not.toBe(wordsPrompt(b, n));
    }),
  );
});

it('a plan sends exactly what was asked for, within bounds, and says what it costs at most', () => {
  const { least, most } = PROBE_BOUNDS.requests;
  fc.assert(
    fc.property(fc.integer({ min: least, max: most }), fc.boolean(), (requests, hasKey) => {
      const prices = { usdPerMillionInput: 1, usdPerMillionOutput: 2 };
      const asked = { endpoint: 'http://127.0.0.1:1/v1', model: 'm', requests, prices };
      const settings = probeSettings({ ...asked, key: hasKey ? 'k' : null });
      if (!settings.ok) throw settings.error;
      const plan = planProbe(settings.value);
      expect(plan.steps).toHaveLength(requests);
      const chats = plan.steps.flatMap((step) => (step.kind === 'chat' ? [step] : []));
      expect(chats.filter(({ canary }) => canary !== null).length % 16).toBe(0);
      const sent = chats.reduce((sum, { prompt }) => sum + countTokens(prompt), 0);
      expect(plan.inputTokens).toBeGreaterThanOrEqual(sent);
      expect(plan.maxUsd).toBeCloseTo((plan.inputTokens + 2 * plan.outputTokens) / 1e6, 9);
    }),
    { numRuns: 30 },
  );
});

it('the interval of a quantile holds the quantile, and covers the true one at its rate', () => {
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 150,
  });
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.95, 0.99), (list, q) => {
      const { value, low, high, samples } = quantileMeasure(list, q);
      expect(samples).toBe(list.length);
      expect(list).toContain(value);
      if (low !== null) expect(low).toBeLessThanOrEqual(value ?? 0);
      if (high !== null) expect(high).toBeGreaterThanOrEqual(value ?? 0);
      // Without enough values nothing bounds p95 from above: 0.95^n must be at most 2.5 %.
      if (q === 0.95) expect(high === null).toBe(list.length < 72);
    }),
  );
  let covered = 0;
  let state = 1;
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let run = 0; run < 1_000; run += 1) {
    const { low, high } = quantileMeasure(Array.from({ length: 100 }, uniform), 0.95);
    if ((low ?? 0) <= 0.95 && (high ?? 1) >= 0.95) covered += 1;
  }
  expect(covered).toBeGreaterThan(930);
});

it('the interval of a share is within 0 and 100 percent and holds the share', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (good, bad) => {
      const { value, low, high } = percentMeasure(good, good + bad);
      if (good + bad === 0) return expect(value).toBeNull();
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(100);
      expect(low).toBeLessThanOrEqual((value ?? 0) + 1e-9);
      expect(high).toBeGreaterThanOrEqual((value ?? 0) - 1e-9);
    }),
  );
});

const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'a', model: 'm', choices: [{ delta, finish_reason: finish }] })}\n\n`;

it('a stream reads the same however it is cut into chunks', () => {
  const words = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(words, fc.array(fc.nat(), { maxLength: 12 }), (parts, cuts) => {
      const text = `${parts.map((content) => frame({ content })).join('')}${frame({}, 'stop')}data: [DONE]\n\n`;
      const places = [...new Set(cuts.map((at) => at % text.length))].toSorted((a, b) => a - b);
      const reader = createStreamReader();
      let from = 0;
      for (const to of [...places, text.length]) {
        reader.push(text.slice(from, to), from);
        from = to;
      }
      const read = reader.end();
      expect(read.faults).toEqual([]);
      expect(read.text).toBe(parts.join(''));
      expect(read.finishReason).toBe('stop');
    }),
  );
});

it('any bytes in place of a stream are read to an end, with what is wrong', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 10 }), (parts) => {
      const reader = createStreamReader();
      for (const part of parts) reader.push(`data: ${part}\n`, 0);
      expect(reader.end().faults).toContain('no finish_reason');
    }),
  );
});
