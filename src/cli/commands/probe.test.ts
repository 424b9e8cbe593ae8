import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, type Agent } from '../../measure/probes/network/agent.ts';
import { systemClock } from '../../records/clock.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';

let cli: TestCli;
let agent: Agent;
beforeAll(async () => {
  cli = openTestCli(systemClock);
  agent = await startAgent({
    host: '127.0.0.1',
    port: 0,
    token: 't',
    clock: systemClock,
    maxConnections: 8,
    idleMs: 5_000,
  });
});
afterAll(async () => {
  await agent.close();
  cli.close();
});

const storage = [
  'probe',
  'storage',
  'data',
  '-w',
  'cosmoflow',
  '--size',
  '12MB',
  '-n',
  '1',
  '-d',
  '300ms',
];

describe('tailrace probe storage', () => {
  it('does not write much without being told to', async () => {
    const { code, err } = await cli.run('probe', 'storage', '.', '--size', '600MB');
    expect(code).toBe(1);
    expect(err).toMatch(/TR_PROBE_UNCONFIRMED: would write \d+ MB into .*give --yes/);
    expect(existsSync(join(cli.dir, 'tailrace-probe'))).toBe(false);
  });

  it('says what it writes, measures, keeps the result and compares the next run with it', async () => {
    mkdirSync(join(cli.dir, 'data'));
    const first = await cli.run(...storage);
    expect(first.err).toMatch(/^writes 1\d MB into .*stays for later runs/);
    expect(first.out).toMatch(/AU \(MLPerf Storage\)/);
    expect(first.out).toMatch(/this one pays the bill/);
    expect(first.out).toMatch(/money lost +\$[\d.]+ a day with 1 attached/);
    expect(first.out).toMatch(/first run with these settings/);
    const second = await cli.run(...storage, '--json');
    expect(second.err).toBe('');
    const body: unknown = JSON.parse(second.out);
    expect(body).toMatchObject({
      kind: 'storage',
      settings: { workload: 'cosmoflow', accelerator: 'h100', accelerators: 1 },
      report: { result: { accelerators: 1 }, auThreshold: 0.7, feed: null },
      comparison: { previousAtMs: expect.any(Number) },
    });
    expect((await cli.run(...storage, '--clean')).err).toBe('');
    expect((await cli.run(...storage, '--clean')).err).toMatch(/it is removed at the end/);
    const kept = readFileSync(join(cli.stateDir, 'probes', 'results.jsonl'), 'utf8');
    expect(kept.trimEnd().split('\n')).toHaveLength(4);
  });

  it('held to 60 % of demand loses at least 40 %, in money', async () => {
    // Demand of one H100 on cosmoflow: 2,828,486 bytes in 3.5 ms. A busy machine may lose more.
    const limit = ((2_828_486 / 3.5e-3) * 0.6) / 1e6;
    const { out } = await cli.run(
      ...storage.slice(0, -2),
      '-d',
      '600ms',
      '--usd-per-hour',
      '2',
      '--limit-mbps',
      limit.toFixed(3),
      '--json',
    );
    const { report }: { report: { result: { au: number; wallAu: number }; lost: unknown[] } } =
      JSON.parse(out);
    expect(report.result.au).toBeLessThan(0.62);
    expect(report.lost).toEqual([
      expect.objectContaining({ usdPerDay: expect.closeTo(48 * (1 - report.result.wallAu), 6) }),
    ]);
  });

  it('writes a checkpoint, reads it back and removes it', async () => {
    const { code, out } = await cli.run(
      'probe',
      'storage',
      'data',
      '-w',
      'llama3-8b',
      '--size',
      '16MB',
      '--writers',
      '2',
      '--json',
    );
    expect(code).toBe(0);
    const { report }: { report: { bytes: number; fullWriteS: number; writeS: number } } =
      JSON.parse(out);
    expect(report.bytes).toBe(16_777_216);
    expect(report.fullWriteS).toBeCloseTo((105e9 / 16_777_216) * report.writeS, 6);
    expect(existsSync(join(cli.dir, 'data', 'tailrace-probe', `llama3-8b-${process.pid}`))).toBe(
      false,
    );
  });

  it.each([
    [['probe', 'storage'], /needs a FOLDER/],
    [['probe', 'storage', '.', '-w', 'bert'], /--workload is unet3d.*not "bert"/],
    [['probe', 'storage', '.', '--size', '5'], /--size takes a size/],
    [['probe', 'storage', '.', '--accelerator', 'b200'], /--accelerator is a100 or h100/],
    [['probe', 'storage', 's3://bkt/p'], /needs AWS_ACCESS_KEY_ID/],
    [['probe', 'storage', 's3://B'], /goes with s3:\/\/bucket\/prefix/],
    [['probe', 'network'], /needs --listen, --to or --nccl/],
    [['probe', 'network', '--to', 'here'], /--to takes HOST:PORT/],
    [['probe', 'network', '--to', 'a:1', '--flows', '0'], /--flows takes/],
    [['probe', 'host', '--accelerator', 'x'], /--accelerator is one of/],
    [['probe', 'memory', '--threads', '0'], /--threads takes/],
  ])('%j is wrong usage', async (argv, message) => {
    const { code, err } = await cli.run(...argv);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('tailrace probe network, memory, host', () => {
  it('measures with an agent, and judges a log of nccl-tests beside', async () => {
    const row = '1048576 262144 float sum -1 100.0 10.49 10.49 0 100.0 10.49 10.49 0';
    writeFileSync(join(cli.dir, 'nccl.log'), `${row}\n`);
    const { code, out } = await cli.run(
      'probe',
      'network',
      '--to',
      `127.0.0.1:${agent.port}`,
      '--token',
      't',
      '--flows',
      '1',
      '-d',
      '80ms',
      '--link-gbit',
      '100',
      '--nccl',
      'nccl.log',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/round trip idle +p50 .* p99\.9 /);
    expect(out).toMatch(/all_reduce over 2 ranks/);
    const alone = await cli.run('probe', 'network', '--nccl', 'nccl.log', '--json');
    expect(JSON.parse(alone.out)).toMatchObject({ collective: 'all_reduce', ranks: 2 });
  });

  it('says how to reach an agent that refuses', async () => {
    const { code, err } = await cli.run('probe', 'network', '--to', `127.0.0.1:${agent.port}`);
    expect([code, err]).toEqual([1, expect.stringMatching(/TR_PROBE_FAILED.*--token/)]);
  });

  it('gives host rates without keeping them when told so', async () => {
    const { code, out } = await cli.run(
      'probe',
      'host',
      '-d',
      '200ms',
      '--threads',
      '1',
      '--skip-record',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/decode feeds [\d.]+ accelerators; tokenize feeds/);
    expect(out).not.toMatch(/kept in/);
  });
});
