import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestEngine, testConfig } from '../../src/plan/live/live-fixture.ts';
import { configOf, startHarness, type Harness } from '../serve/gateway-harness.ts';
import { startWireUpstream } from '../upstream/wire-upstream.ts';

/**
 * The compatibility scanner that a user would point at Tailrace, as a program of its own, against a gateway and what
 * is behind it. Its two probes of the Responses API fail: that API is not served yet. Any other failure is ours, and
 * so is a pass of these two that this file does not know of.
 */
const NOT_SERVED_YET = ['responses.basic', 'responses.streaming'];
const SERVED = [
  'models.list',
  'chat.basic',
  'chat.streaming',
  'chat.tool_call',
  'chat.structured_output',
];

const reportSchema = z.object({
  schemaVersion: z.literal('compatcanary.report.v1'),
  results: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['pass', 'warn', 'fail']),
      summary: z.string(),
      error: z.object({ httpStatus: z.int().optional() }).optional(),
    }),
  ),
});

const scanner = join(import.meta.dirname, '../../node_modules/.bin/compatcanary');
const toClose: Array<{ close(): Promise<void> }> = [];

afterEach(async () => {
  for (const one of toClose.splice(0).toReversed()) await one.close();
});

async function scan({ url, key }: Harness, model: string) {
  const target = ['--base-url', `${url}/v1`, '--model', model, '--api-key', key];
  const report = ['--profile', 'modern', '--format', 'json', '--fail-on', 'never'];
  const timeout = { timeout: 25_000, killSignal: 'SIGKILL' as const };
  const { stdout } = await promisify(execFile)(scanner, ['scan', ...target, ...report], timeout);
  return reportSchema.parse(JSON.parse(stdout)).results;
}

type Results = Awaited<ReturnType<typeof scan>>;

const idsWith = (results: Results, status: Results[number]['status']): string[] =>
  results.filter((one) => one.status === status).map(({ id }) => id);

function expectOnlyUnserved(results: Results): void {
  expect(idsWith(results, 'pass'), JSON.stringify(results)).toEqual(SERVED);
  expect(idsWith(results, 'fail')).toEqual(NOT_SERVED_YET);
  for (const { id, error } of results) {
    if (NOT_SERVED_YET.includes(id)) expect(error?.httpStatus).toBe(404);
  }
}

async function gatewayTo(engine: Parameters<typeof configOf>[0]['engines'][number], model: string) {
  const harness = await startHarness(configOf({ engines: [engine], models: [model] }));
  toClose.push(harness);
  return harness;
}

describe('compatcanary', () => {
  it('finds everything but the Responses API, before a simulated engine', async () => {
    const engine = await startTestEngine(testConfig({ speed: 100 }));
    toClose.push(engine);
    const harness = await gatewayTo({ name: 'sim', url: engine.url }, 'chat-small');
    expectOnlyUnserved(await scan(harness, 'chat-small'));
    const settled = harness.records.filter(({ outcome }) => outcome === 'success');
    expect(settled).toHaveLength(4);
    for (const record of settled) {
      expect(record.usageSource).toBe('engine');
      expect(record.simulated).toBe(true);
    }
  });

  it('finds the same through translation, before an engine of the Anthropic dialect', async () => {
    const upstream = await startWireUpstream();
    toClose.push(upstream);
    const engine = { name: 'claude', url: `${upstream.url}/v1`, dialect: 'anthropic' };
    const harness = await gatewayTo(engine, 'claude-sonnet-5');
    expectOnlyUnserved(await scan(harness, 'claude-sonnet-5'));
    expect(upstream.requests.map(({ path }) => path)).toEqual(Array(4).fill('/v1/messages'));
  });

  it('tells a failure when there is one (canary)', async () => {
    const upstream = await startWireUpstream();
    toClose.push(upstream);
    const harness = await gatewayTo({ name: 'e', url: `${upstream.url}/v1` }, 'error-400');
    expect(idsWith(await scan(harness, 'error-400'), 'pass')).toEqual(['models.list']);
  });
});
