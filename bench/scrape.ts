/**
 * CPU of reading exporters: `node bench/scrape.ts [--series N] [--seconds S] [--interval MS] [--format text|open-metrics]`.
 * Pages of dcgm-exporter's shape (8 devices, 25 figures each) are served by another process; this one scrapes them as an
 * instance does, over HTTP into telemetry.db, and counts its own user and system time, the last flush included. Issue
 * 4, acceptance 8: 10,000 series every 10 s under 10 % of one core.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configSchema } from '../src/config/schema.ts';
import { dcgm } from '../src/measure/sources/mapping/dcgm.ts';
import { openTelemetry } from '../src/measure/telemetry/telemetry.ts';
import { systemClock } from '../src/records/clock.ts';
import { createLog } from '../src/serve/log.ts';
import { runSourceLoop } from '../src/supervise/source-loop.ts';

const DEVICES = 8;
const METRICS = Object.keys(dcgm.rules).slice(0, 25);
const SERIES_PER_PAGE = DEVICES * METRICS.length;

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '120' },
    interval: { type: 'string', default: '10000' },
    format: { type: 'string', default: 'text' },
    serve: { type: 'boolean', default: false },
  },
});
const isOpenMetrics = values.format === 'open-metrics';

/** A page whose gauges move and whose counters grow from scrape to scrape. */
function page(node: string, scrape: number): string {
  const lines: string[] = [];
  for (const name of METRICS) {
    const rule = [dcgm.rules[name] ?? []].flat()[0];
    lines.push(`# HELP ${name} A figure of a device.`);
    lines.push(`# TYPE ${name} gauge`);
    for (let gpu = 0; gpu < DEVICES; gpu += 1) {
      const value = rule?.counter === true ? scrape * 1000 + gpu : ((scrape + gpu) % 10) / 10;
      lines.push(
        `${name}{gpu="${gpu}",UUID="GPU-${node}-${gpu}",pci_bus_id="00000000:0${gpu}:00.0",device="nvidia${gpu}",` +
          `modelName="NVIDIA H100 80GB HBM3",Hostname="${node}",DCGM_FI_DRIVER_VERSION="550.54.15",` +
          `pod="train-${gpu}",namespace="ml",container="main"} ${value}`,
      );
    }
  }
  return `${lines.join('\n')}\n${isOpenMetrics ? '# EOF\n' : ''}`;
}

function serve(): void {
  let scrapes = 0;
  const contentType = isOpenMetrics
    ? 'application/openmetrics-text; version=1.0.0; charset=utf-8'
    : 'text/plain; version=0.0.4; charset=utf-8';
  const server = createServer((req, res) => {
    scrapes += 1;
    res.setHeader('content-type', contentType);
    res.end(page((req.url ?? '').slice(1), scrapes));
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function measure(): Promise<void> {
  const pages = Math.ceil(Number(values.series) / SERIES_PER_PAGE);
  const intervalMs = Number(values.interval);
  const server = fork(import.meta.filename, ['--serve', '--format', values.format]);
  const port = await new Promise<number>((resolve) =>
    server.once('message', (p) => resolve(Number(p))),
  );
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-scrape-'));
  try {
    const urls = Array.from({ length: pages }, (_, i) => `http://127.0.0.1:${port}/node-${i}`);
    const config = configSchema.parse({
      services: [{ name: 's', owner: 'o', models: ['m'], route: 'r' }],
      routes: [{ name: 'r', engines: [{ engine: 'e' }] }],
      engines: [{ name: 'e', url: 'http://127.0.0.1:1/v1' }],
      sources: [{ kind: 'prometheus', name: 'gpus', urls, intervalMs, timeoutMs: intervalMs }],
    });
    const retention = { minutesDays: 7, hoursDays: 800, externalRequestsDays: 30 };
    const telemetry = openTelemetry({ dir, clock: systemClock, retention });
    const write = (): void => {};
    const log = createLog({ level: 'error', process: 'bench', clock: systemClock, write });
    const loop = runSourceLoop(telemetry, systemClock, log);
    const cpuBefore = cpuSeconds();
    const beganMs = performance.now();
    loop.update(config);
    await new Promise((resolve) => setTimeout(resolve, Number(values.seconds) * 1000));
    loop.stop();
    const { sources, seriesMapped } = telemetry.health();
    telemetry.close();
    const wallS = (performance.now() - beganMs) / 1000;
    const cpuS = cpuSeconds() - cpuBefore;
    const report = {
      series: pages * SERIES_PER_PAGE,
      seriesMapped,
      intervalMs,
      format: values.format,
      scrapes: sources.reduce((sum, one) => sum + one.reads, 0),
      failures: sources.reduce((sum, one) => sum + one.failures, 0),
      wallS: Number(wallS.toFixed(1)),
      cpuS: Number(cpuS.toFixed(2)),
      cpuShareOfOneCore: Number((cpuS / wallS).toFixed(4)),
      bound: 0.1,
      rssMib: Math.round(process.memoryUsage.rss() / 1_048_576),
      bytesOnDisk: statSync(join(dir, 'telemetry.db')).size,
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    if (report.failures > 0 || seriesMapped === 0) process.exitCode = 1;
  } finally {
    server.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

if (values.serve) serve();
else await measure();
