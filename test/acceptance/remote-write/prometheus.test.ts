/**
 * A real Prometheus (Debian's package, 2.42) scrapes a page that comes and goes and pushes to the receiver: what comes out
 * is what the page said while it was there, its end is known by staleness markers. Skipped where there is no Prometheus.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlServer, type ControlServer } from '../../../src/api/control-server.ts';
import { openTestControl, type TestControl } from '../../../src/api/test-control.ts';
import { openTelemetry, type Telemetry } from '../../../src/measure/telemetry/telemetry.ts';
import { systemClock } from '../../../src/records/clock.ts';

const KEY = 'tr_key-of-the-collector';
const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!hasPrometheus)('remote-write of a real Prometheus', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-remote-write-'));
  const labels = 'gpu="0",UUID="GPU-9",modelName="H100",Hostname="n9"';
  let exporter: Server;
  let control: TestControl;
  let telemetry: Telemetry;
  let server: ControlServer;
  let prometheus: ChildProcess;

  beforeAll(async () => {
    exporter = createServer((_, res) => {
      res.setHeader('content-type', 'text/plain; version=0.0.4');
      // Half a millijoule each millisecond is half a watt.
      res.end(
        `DCGM_FI_PROF_SM_ACTIVE{${labels}} 0.25\n` +
          `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${labels}} ${Date.now() * 0.5}\n`,
      );
    });
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const clock = systemClock;
    const retention = { minutesDays: 7, hoursDays: 800, externalRequestsDays: 30 };
    telemetry = openTelemetry({ dir, clock, retention });
    const sha256 = createHash('sha256').update(KEY).digest('hex');
    const entry = { id: 'c', name: 'prom', sha256, services: [], tenant: null, admin: false };
    control = openTestControl({ clock, telemetry, ingestKeys: () => [entry] });
    server = await startControlServer({ app: control.app });
    const { port } = exporter.address() as AddressInfo;
    writeFileSync(
      join(dir, 'prometheus.yml'),
      `global: { scrape_interval: 1s }
scrape_configs: [{ job_name: gpus, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]
remote_write:
  - url: ${server.url}/api/v1/write
    authorization: { credentials: ${KEY} }
    queue_config: { batch_send_deadline: 1s }
`,
    );
    const options = ['--config.file=prometheus.yml', '--storage.tsdb.path=data'];
    const listen = '--web.listen-address=127.0.0.1:0';
    prometheus = spawn('prometheus', [...options, listen], { cwd: dir, stdio: 'ignore' });
  });

  afterAll(async () => {
    // Asked kindly it first tries for a minute to push what is left.
    const gone = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill('SIGKILL');
    await gone;
    exporter.close();
    await server.close();
    telemetry.close();
    await control.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('gives what the page said, and its end', async () => {
    const beganMs = Date.now();
    const used = (): number => telemetry.health().sources[0]?.counts.used ?? 0;
    for (let s = 0; s < 60 && used() < 12; s += 1) await sleep(1000);
    exporter.closeAllConnections();
    exporter.close();
    const stale = (): number => telemetry.health().sources[0]?.counts.stale ?? 0;
    for (let s = 0; s < 60 && stale() < 2; s += 1) await sleep(1000);
    const { series } = telemetry.resources({ sinceMs: beganMs, untilMs: Date.now() });
    const means = Object.fromEntries(
      series.map(({ metric, subject, points }) => [`${subject.id} ${metric}`, points.at(-1)?.mean]),
    );
    expect(Object.keys(means)).toHaveLength(2);
    expect(means['GPU-9 smActiveShare']).toBe(0.25);
    // The time of the scrape and the time on the page differ by a few milliseconds.
    expect(means['GPU-9 energyRateW']).toBeCloseTo(0.5, 1);
    expect(telemetry.health().sources[0]?.counts).toMatchObject({
      stale: 2,
      conflicting: 0,
      resets: 0,
    });
  });
});
