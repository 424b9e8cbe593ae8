import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLogbook } from '../../govern/logbook/logbook.ts';
import { openJournal } from '../../measure/journal/writer.ts';
import { openLedger } from '../../measure/ledger/open-ledger.ts';
import { defaultLoaded } from '../../config/load.ts';
import { testingRecord } from '../../records/testing-record.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';

const NOW_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };
let cli: TestCli;
beforeEach(() => (cli = openTestCli(clock)));
afterEach(() => cli.close());

const kept = () => openLogbook(cli.stateDir).entries();

/** A state folder with an hour of requests, of which the last ten minutes but one failed. */
async function withRecords(fails: boolean): Promise<void> {
  const { config } = defaultLoaded();
  const journal = openJournal({
    dir: join(cli.stateDir, 'journal'),
    worker: 'w0',
    config: config.journal,
    clock,
  });
  for (let i = 0; i < 600; i += 1) {
    const startedAtMs = NOW_MS - 60 * MINUTE_MS + i * 6_000;
    const isFailed = fails && i >= 450;
    const change = isFailed ? { outcome: 'upstream_error' as const, status: 502 } : {};
    journal.append(testingRecord({ startedAtMs, service: 'chat', ...change }));
  }
  await journal.flush();
  await journal.close();
  const ledger = await openLedger({ dir: cli.stateDir, config: config.ledger, clock });
  await ledger.maintain({ force: true });
  await ledger.close();
}

describe('drill', () => {
  test('is declared before anything ran, and kept', async () => {
    const { code, out } = await cli.run('drill', 'slowdown', '--engine', 'a', '--for', '5m');
    expect(code).toBe(0);
    expect(out).toContain('declared until');
    expect(await kept()).toMatchObject([
      { kind: 'drill', drill: 'slowdown', engine: 'a', fromMs: NOW_MS, toMs: NOW_MS + 300_000 },
    ]);
  });

  test.each([
    [['drill', 'flood'], 2, 'engine-failure, slowdown, on-call'],
    [['drill', 'slowdown'], 2, '--engine is needed'],
    [['drill', 'slowdown', '--engine', 'a', '--service', 'x'], 2, '--service is not "x"'],
    [['drill', 'on-call'], 1, 'nobody is on call'],
  ])('%j is refused', async (argv, code, message) => {
    const outcome = await cli.run(...argv);
    expect(outcome).toMatchObject({ code });
    expect(outcome.err).toContain(message);
    expect(await kept()).toEqual([]);
  });
});

test('release stops a canary that nobody used yet, and the verdict is kept', async () => {
  const { code, out } = await cli.run('release', '--candidate', 'simulated-h100');
  expect(code).toBe(1);
  expect(out).toContain('stop');
  expect(await kept()).toMatchObject([{ kind: 'release', passed: false }]);
});

test('an outage is listed, reviewed once it is there, and shows its review', async () => {
  await withRecords(true);
  const { incidents } = JSON.parse((await cli.run('incidents', '--json')).out);
  expect(incidents).toMatchObject([{ service: 'chat', review: null }]);
  const when = new Date(incidents[0].fromMs).toISOString();
  const words = ['--cause', 'a full disk', '--changed', 'an alert'];
  const wrong = await cli.run('incidents', '--review', '2020-01-01', ...words);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('no outage then');
  expect(await cli.run('incidents', '--review', when, ...words)).toMatchObject({ code: 0 });
  expect((await cli.run('incidents')).out).toContain('a full disk; changed: an alert');
});

test('an invoice is kept with its file', async () => {
  writeFileSync(join(cli.dir, 'may.pdf'), 'what was billed');
  const days = ['--from', '2027-01-01', '--to', '2027-02-01'];
  const good = await cli.run('invoice', 'may.pdf', ...days, '--usd', '12.5', '--by', 'ada');
  expect(good.code, good.err).toBe(0);
  expect(await kept()).toMatchObject([{ kind: 'invoice', usd: 12.5, by: 'ada' }]);
  for (const [argv, message] of [
    [['invoice', 'none.pdf', ...days, '--usd', '1'], 'none.pdf'],
    [['invoice', 'may.pdf', ...days], '--usd is needed'],
    [['invoice', 'may.pdf', '--from', '2027-02-01', '--to', '2027-01-01', '--usd', '1'], '--to'],
    [['invoice', 'may.pdf', '--from', 'soon', '--to', '2027-01-01', '--usd', '1'], '"soon"'],
  ] as const) {
    const { code, err } = await cli.run(...argv);
    expect(code).not.toBe(0);
    expect(err).toContain(message);
  }
});

describe('restore', () => {
  test('--test compares what was restored with the ledger, and keeps the result', async () => {
    await withRecords(false);
    const { code, out, err } = await cli.run('restore', '--test', '--since', '2h', '--json');
    expect(code, err + out).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ kind: 'restore', agrees: true, differences: [] });
    expect(result.records).toBeGreaterThan(580);
    expect(await kept()).toMatchObject([{ kind: 'restore', agrees: true }]);
  });

  test('of an empty window proves nothing', async () => {
    await withRecords(false);
    const { code, err } = await cli.run('restore', '--test', '--since', '1m');
    expect(code).toBe(2);
    expect(err).toContain('nothing was tested');
    expect(await kept()).toEqual([]);
  });

  test('an export becomes a state folder, never over another', async () => {
    await withRecords(false);
    await cli.run('export', '--since', '2h', '--out', 'all.parquet');
    const { code, out } = await cli.run('restore', 'all.parquet', '--to', 'again');
    expect(code).toBe(0);
    expect(out).toContain('600 records restored');
    expect(existsSync(join(cli.dir, 'again', 'catalogue.db'))).toBe(true);
    const twice = await cli.run('restore', 'all.parquet', '--to', 'again');
    expect(twice).toMatchObject({ code: 2 });
    expect(twice.err).toContain('is not empty');
  });
});

test('plans of the command line are kept where there is a state folder, and make none', async () => {
  const site = ['plan', 'facility', '--feed', '750', '--nodes', '10x5.6'];
  expect(await cli.run(...site)).toMatchObject({ code: 0 });
  expect(existsSync(cli.stateDir)).toBe(false);
  await cli.run('drill', 'slowdown', '--engine', 'a');
  await cli.run(...site);
  expect((await kept()).at(-1)).toMatchObject({ kind: 'plan', plan: 'facility', fits: true });
});
