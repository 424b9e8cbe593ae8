import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, startControlServer } from '../../api/control-server.ts';
import { createWorkerMetrics } from '../../api/worker-metrics.ts';
import { ADMIN_KEY, NOW_MS, openTestControl, type TestControl } from '../../api/test-control.ts';
import { testingRecord } from '../../records/testing-record.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';
import { formatAge, formatBytes } from './status.ts';

let cli: TestCli;
let control: TestControl;
let server: ControlServer;

/** A control server over a ledger in memory, found as `tailrace up` would be. */
beforeEach(async () => {
  cli = openTestCli({ wallMs: () => NOW_MS, monoMs: () => 0 });
  control = openTestControl();
  server = await startControlServer({ app: control.app });
  mkdirSync(cli.stateDir);
  const startedAtMs = NOW_MS - 3_725_000;
  const record = { url: server.url, adminKey: ADMIN_KEY, pid: 77, startedAtMs, version: '0' };
  const file = join(cli.stateDir, 'instance.json');
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
});

afterEach(async () => {
  await server.close();
  await control.close();
  cli.close();
});

const record = (minutesAgo: number) =>
  testingRecord({
    startedAtMs: NOW_MS - minutesAgo * 60_000,
    endedAtMs: NOW_MS - minutesAgo * 60_000 + 100,
  });

describe('tailrace status', () => {
  it('shows instance, ledger and workers', async () => {
    control.addRecords([record(2)]);
    control.workers.push({
      worker: 'worker-1',
      pid: 78,
      up: false,
      startedAtMs: NOW_MS - 61_000,
      restarts: 3,
      metrics: null,
    });
    const { code, out, err } = await cli.run('status');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain(`running at ${server.url} (process 77)`);
    expect(out).toMatch(/up for +1h 2m\n/);
    expect(out).toMatch(/records +1\n +newest +2m ago\n/);
    expect(out).toMatch(/worker-1 +78 +DOWN +1m 1s +3 +unknown +unknown +unknown\n/);
    expect(out).toContain('! worker-1 is down');
    expect(out).not.toContain(ADMIN_KEY);
  });

  it('ends with 0 when all is well, and prints JSON without the admin key', async () => {
    const gauges = { inFlight: 1, queueDepth: 0, journalPendingBytes: 0, journalLost: 0 };
    const worker = { worker: 'worker-1', pid: 78, up: true, startedAtMs: NOW_MS, restarts: 0 };
    control.workers.push({ ...worker, metrics: createWorkerMetrics(() => gauges).snapshot() });
    const { code, out } = await cli.run('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      mode: 'running',
      url: server.url,
      pid: 77,
      health: { status: 'ok', version: '0.0.0-test', ledger: { recordsTotal: 0 } },
    });
    expect(out).not.toContain(ADMIN_KEY);
  });

  it('says what to do when there is nothing', async () => {
    cli.env['TAILRACE_DATA'] = join(cli.dir, 'nowhere');
    const { code, err } = await cli.run('status');
    expect(code).toBe(1);
    expect(err).toMatch(/^error TR_STATE_MISSING: .*nowhere is not there; start one with/);
  });
});

describe('figures', () => {
  it('are short', () => {
    const ages = [0, 999, 42_000, 185_000, 7_620_000, 349_200_000, 86_400_000, -5];
    expect(ages.map(formatAge)).toEqual(['0s', '0s', '42s', '3m 5s', '2h 7m', '4d 1h', '1d', '0s']);
    const sizes = [0, 1_023, 1_024, 1_536, 1_047_552, 5 * 1024 ** 3, 2 ** 60];
    expect(sizes.map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.5 KiB',
      '1023 KiB',
      '5.0 GiB',
      '1048576 TiB',
    ]);
  });
});

describe('tailrace export', () => {
  it('writes the window as Parquet and says how much', async () => {
    control.addRecords([record(5), record(30), record(90)]);
    const argv = ['export', '--since', '1h', '--out', 'out.parquet', '--json'];
    const { code, out, err } = await cli.run(...argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      file: join(cli.dir, 'out.parquet'),
      rows: 2,
      fromMs: NOW_MS - 3_600_000,
      toMs: NOW_MS,
    });
    const again = await cli.run(...argv);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('--force') });
    expect((await cli.run(...argv, '--force')).code).toBe(0);
  });

  it('refuses wrong usage', async () => {
    expect(await cli.run('export')).toMatchObject({
      code: 2,
      err: expect.stringContaining('export needs --out FILE'),
    });
    expect(await cli.run('export', '--out', 'x', '--since', 'then')).toMatchObject({ code: 2 });
    expect(await cli.run('export', '--out', join('no', 'such'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('error TR_EXPORT_FAILED'),
    });
  });
});
