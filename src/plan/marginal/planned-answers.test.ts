import { describe, expect, it } from 'vitest';
import { configSchema, type Config } from '../../config/schema.ts';
import type { ServiceAnswer } from '../../measure/answers/answers.ts';
import { computeAnswers } from '../../measure/answers/compute-answers.ts';
import { testingLedger, type TestRequest } from '../../measure/answers/testing-ledger.ts';
import { createPlannedAnswers } from './planned-answers.ts';

const hardware = { accelerator: 'h100-sxm', model: 'qwen3-30b-a3b', quantization: 'fp8' };
const rented = { basis: 'rented', usdPerAcceleratorHour: 3 };
const engines = {
  described: { name: 'described', url: 'http://127.0.0.1:8000/v1', hardware, cost: rented },
  bare: { name: 'bare', url: 'http://127.0.0.1:8001/v1', cost: rented },
  api: { name: 'api', url: 'https://api.openai.com/v1', cost: { basis: 'api' } },
};

const configOf = (name: keyof typeof engines, ttftMsP99: number): Config =>
  configSchema.parse({
    services: [
      {
        name: 'chat',
        owner: 'ann',
        models: ['m'],
        route: 'chat',
        slo: { ttftMs: { p99: ttftMsP99 } },
      },
    ],
    routes: [{ name: 'chat', engines: [{ engine: name }] }],
    engines: [engines[name]],
  });

/** However busy the machine is. */
const PATIENCE_MS = 25_000;
const clock = { wallMs: () => 10_000, monoMs: () => 0 };

async function marginal(
  name: keyof typeof engines,
  perS: number,
  ttftMsP99 = 400,
): Promise<ServiceAnswer['cost']['marginal']> {
  const config = configOf(name, ttftMsP99);
  const request: TestRequest = { engine: name, tokensIn: 500, tokensOut: 200 };
  const ledger = testingLedger(Array.from({ length: perS * 10 }, () => request));
  const window = { fromMs: 0, toMs: 10_000 };
  const query = { ledger, config, window, clock };
  const [planned] = (await createPlannedAnswers(PATIENCE_MS)(query)).services;
  const [simple] = (await computeAnswers(query)).services;
  if (planned === undefined || simple === undefined) throw new Error('there is one service');
  // Nothing but the cost of doubling comes from the planner.
  const rest = { ...planned, cost: { ...planned.cost, marginal: simple.cost.marginal } };
  expect(rest).toEqual(simple);
  return planned.cost.marginal;
}

describe('answers with the planner', () => {
  it('double for nothing where the same fleet meets the targets', async () => {
    const answer = await marginal('described', 4);
    expect(answer).toMatchObject({ perRequestUsd: 0, basis: 'modelled', missing: [] });
    expect(answer.explanation).toMatch(/need 1 accelerator .*need 1 accelerator .*roofline/s);
  });

  it('double by whole accelerators where it does not', async () => {
    const answer = await marginal('described', 40);
    // One more at $3/h, over some 40 more requests a second (loads are rounded to a tenth).
    expect(answer.perRequestUsd).toBeGreaterThan(3 / 3600 / 40 / 1.1);
    expect(answer.perRequestUsd).toBeLessThan((3 * 3) / 3600 / 40);
  });

  it('are unknown where no fleet meets the targets', async () => {
    const answer = await marginal('described', 4, 1);
    expect(answer).toMatchObject({ perRequestUsd: null, basis: 'unknown' });
    expect(answer.explanation).toContain('no fleet');
  });

  it('name the field that keeps an engine from being planned', async () => {
    expect((await marginal('bare', 4)).missing).toContain('engines[bare].hardware');
  });

  it('leave public APIs as they are', async () => {
    expect((await marginal('api', 4)).explanation).toContain('price of the models at api');
  });
});
