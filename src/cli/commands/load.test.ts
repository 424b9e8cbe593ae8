import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readMetrics,
  sampleOf,
  startTestEngine,
  testConfig,
} from '../../plan/live/live-fixture.ts';
import type { SimulatedEngine } from '../../plan/live/server.ts';
import type { LoadSummary } from '../../plan/load/summary.ts';
import { systemClock } from '../../records/clock.ts';
import type { CliIo } from '../io.ts';
import { runCli } from '../run.ts';
import { tableOf } from '../test-cli.ts';
import { load } from './load.ts';
import { replay } from './replay.ts';

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/traces/', import.meta.url));

let folder = '';
let engine: SimulatedEngine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-load-'));
  engine = await startTestEngine(testConfig({ speed: 200 }));
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function cli(args: string[], signal = new AbortController().signal) {
  let out = '';
  let err = '';
  const io: CliIo = {
    stdout: { write: (text) => void (out += text), isTTY: false, columns: 100 },
    stderr: { write: (text) => void (err += text), isTTY: false },
    env: { TAILRACE_DATA: folder },
    cwd: folder,
    clock: systemClock,
    signal,
  };
  const code = await runCli(args, io, tableOf([replay, load]));
  return { code, out, err };
}

const at = (): string[] => [
  '--target',
  engine.url,
  '--model',
  'llama-3.1-8b',
  '--engine-metrics',
  engine.metricsUrl,
];

/** Waits until the engine has taken in another prompt. */
async function untilPrompted(): Promise<void> {
  const prompted = async (): Promise<number> =>
    sampleOf(await readMetrics(engine), 'vllm:prompt_tokens_total');
  const before = await prompted();
  while ((await prompted()) === before) await new Promise((done) => setTimeout(done, 10));
}

describe('tailrace replay', () => {
  it('plays Azure rows into the simulated engine; trace, replies and its metrics agree', async () => {
    const trace = join(FIXTURES, 'azure-conv-2000.csv');
    const args = ['replay', trace, '--limit', '40', '--speed', '200', '--json', ...at()];
    const { code, out, err } = await cli(args);
    expect(err).toContain('Azure LLM inference trace (CSV), 40 rows');
    const summary = JSON.parse(out) as LoadSummary;
    expect(summary.requests).toMatchObject({ sent: 40, succeeded: 40, failed: 0, unsent: 0 });
    expect(summary.simulated).toBe('all');
    expect(summary.tokens.in).toBe(summary.tokens.askedIn);
    expect(summary.tokens.out).toBe(summary.tokens.askedOut);
    expect(summary.latency.ttft.count).toBe(40);
    expect(summary.reconciliation.checks.map((check) => check.agree)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(code).toBe(0);
  });

  it('plays Mooncake rows with their shared blocks', async () => {
    const trace = join(FIXTURES, 'mooncake-conversation-200.jsonl');
    const args = ['replay', trace, '-n', '6', '-s', '1000', '--json', ...at()];
    const { code, out } = await cli(args);
    const summary = JSON.parse(out) as LoadSummary;
    expect(summary.tokens).toMatchObject({ in: summary.tokens.askedIn, withoutUsage: 0 });
    expect(summary.requests.succeeded).toBe(6);
    expect(code).toBe(0);
  });

  it('exits 1 when a figure differs: someone else used the engine', async () => {
    // The trace takes 1.5 s; the stranger comes after its first request.
    const running = cli(['replay', join(FIXTURES, 'plain.csv'), ...at()]);
    await untilPrompted();
    await fetch(`${engine.url}/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', prompt: 'stranger', max_tokens: 1 }),
    });
    const { code, out } = await running;
    expect(code).toBe(1);
    expect(out).toMatch(/DIFFER requests succeeded +replies 3, engine metrics 4/);
    expect(out).toContain('SIMULATED: no real accelerator');
    expect(out).toContain('not compared with the ledger');
  });

  it('refuses a bad trace before it sends anything, naming file, line, field and fix', async () => {
    writeFileSync(
      join(folder, 'bad.csv'),
      'timestamp,input_tokens,output_tokens\n1,5,5\n2,NaN,5\n',
    );
    const { code, err } = await cli(['replay', 'bad.csv', ...at()]);
    expect(code).toBe(1);
    expect(err).toBe(
      'error TR_TRACE_INVALID: bad.csv: line 3: input_tokens: "NaN" is not a whole number; ' +
        'write a count of tokens\n',
    );
  });

  it('says that a file is missing', async () => {
    const { code, err } = await cli(['replay', 'none.csv', ...at()]);
    expect([code, err.includes('TR_TRACE_INVALID: none.csv: cannot be read')]).toEqual([1, true]);
  });
});

describe('tailrace load', () => {
  it('sends at the asked rate and lengths', async () => {
    const { code, out } = await cli([
      ...'load --rps 80 --duration 1s --shape gamma --cv 0.5 --json'.split(' '),
      ...'--input-tokens 50-60 --output-tokens 8'.split(' '),
      ...at(),
    ]);
    const summary = JSON.parse(out) as LoadSummary;
    expect(summary.requests.sent).toBeGreaterThan(50);
    expect(summary.requests.sent).toBe(summary.requests.succeeded);
    expect(summary.tokens.out).toBe(8 * summary.requests.sent);
    expect(code).toBe(0);
  });

  it('stops at an interrupt with the summary so far', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 400);
    const args = ['load', '--rps', '50', '--duration', '1h', '--json', ...at()];
    const { out } = await cli(args, stop.signal);
    const summary = JSON.parse(out) as LoadSummary;
    expect(summary.stopped).toBe('interrupted');
    expect(summary.requests.sent).toBeGreaterThan(0);
    expect(summary.requests.sent).toBe(summary.requests.succeeded + summary.requests.failed);
  });

  const refused: Array<[string, string[], string]> = [
    ['no rate', ['load'], 'load needs --rps N'],
    ['a rate of zero', ['load', '--rps', '0'], '--rps takes a number above 0'],
    ['a rate beyond the cap', ['load', '--rps', '20000'], 'up to 10000'],
    ['an unknown shape', ['load', '--rps', '1', '--shape', 'sine'], '--shape is poisson'],
    ['a shape option without its shape', ['load', '--rps', '1', '--cv', '2'], '--cv goes with'],
    ['a day and more', ['load', '--rps', '1', '-d', '25h'], '--duration is at most 24h'],
    ['a bad range', ['load', '--rps', '1', '--input-tokens', '9-3'], '--input-tokens takes'],
    ['no instance and no target', ['load', '--rps', '1'], 'no instance runs on this state folder'],
  ];
  it.each(refused)('refuses %s', async (_, args, message) => {
    const { code, err } = await cli(args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it('refuses a target that is not this machine', async () => {
    const { code, err } = await cli(['load', '--rps', '1', '--target', 'http://192.0.2.1']);
    expect(err).toContain('TR_TARGET_REFUSED');
    expect(code).toBe(1);
  });
});
