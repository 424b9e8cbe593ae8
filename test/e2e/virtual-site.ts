import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { flopsPerToken } from '../../src/measure/bottleneck/training/work-flops.ts';
import type { WhyReport } from '../../src/measure/bottleneck/why-report.ts';
import { openJournal } from '../../src/measure/journal/writer.ts';
import type { Ledger } from '../../src/measure/ledger/ledger.ts';
import { openLedger } from '../../src/measure/ledger/open-ledger.ts';
import { parseExposition } from '../../src/measure/sources/exposition/parse-exposition.ts';
import { createIntervalReader } from '../../src/measure/sources/vllm-interval.ts';
import { openTelemetry, type Telemetry } from '../../src/measure/telemetry/telemetry.ts';
import { buildEngine, type BuiltEngine } from '../../src/plan/live/build-engine.ts';
import { createEngineMetrics } from '../../src/plan/live/engine-metrics.ts';
import type { RunningStep, Ticket } from '../../src/plan/engine/engine-core.ts';
import {
  createSyntheticJob,
  type JobFaults,
} from '../../src/plan/training/synthetic-job/synthetic-job.ts';
import { usualShape } from '../../src/plan/training/synthetic-job/usual-shape.ts';
import type { Clock } from '../../src/records/clock.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import type { StepRecord } from '../../src/records/step-log/step-record.ts';
import { testingRecord } from '../../src/records/testing-record.ts';

/** 2027-01-15T08:00:00Z, a whole hour. */
export const originMs = 1_800_000_000_000;
const SCRAPE_S = 10;
export const jobRanks = 8;
export const usdPerHour = 2.95;

const configText = (dir: string): string => `
services: [{ name: chat, owner: o, models: [llama-3.1-8b], route: r, slo: { tpotMs: { p95: 30 } } }]
routes: [{ name: r, engines: [{ engine: sim }] }]
engines:
  - name: sim
    hardware: { accelerator: h100-sxm, model: llama-3.1-8b }
    cost: { basis: rented, usdPerAcceleratorHour: ${usdPerHour} }
    simulated: { seed: 7 }
jobs:
  - name: pretrain
    stepLogs: ['${dir}/steps.*.jsonl']
    hardware: { accelerator: h100-sxm, count: ${jobRanks} }
    cost: { basis: rented, usdPerAcceleratorHour: ${usdPerHour} }
    model: llama-3.1-8b
    sequenceTokens: 4096
    devices: [trainer]
`;

/** What a site does to its own measurements on the way here. */
export interface SiteFaults {
  /** Whether a look at the exporter at this second fails. */
  exporterDown?(atS: number): boolean;
  /** Whether the engine's own metrics do not answer at this second; it serves on. */
  engineSilent?(atS: number): boolean;
  /** Changes the page of the job's devices. */
  page?(text: string, atS: number): string;
  /** Changes what is written for a step, e.g. drops ranks, writes twice, shifts clocks. */
  records?(records: readonly StepRecord[]): StepRecord[];
}

/** A simulated engine under replayed traffic and a synthetic job, in virtual time, kept as a real site would be. */
export interface VirtualSite {
  dir: string;
  /** Runs both for so long; returns the window and what the job's fault cost, US dollars. */
  run(
    minutes: number,
    faults: JobFaults,
    site?: SiteFaults,
  ): Promise<{ window: Window; lostUsd: number }>;
  /** Runs the real command on what was kept. */
  why(window: Window, ...args: string[]): Promise<WhyReport>;
  text(window: Window, ...args: string[]): Promise<string>;
  close(): Promise<void>;
}

interface Window {
  fromMs: number;
  toMs: number;
}

export async function createVirtualSite(arrivals: {
  /** Tokens of recorded requests, in turn. */
  rows: ReadonlyArray<{ tokensIn: number; tokensOut: number }>;
  everyS: number;
}): Promise<VirtualSite> {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-why-'));
  writeFileSync(join(dir, 'tailrace.yaml'), configText(dir));
  const state = join(dir, 'state');
  const clock = { nowMs: originMs, wallMs: () => clock.nowMs, monoMs: () => clock.nowMs };
  const loaded = loadConfig({ path: null, env: {}, cwd: dir });
  if (!loaded.ok) throw loaded.error;
  const { config } = loaded.value;
  let ledger: Ledger | null = await openLedger({ dir: state, config: config.ledger, clock });
  let telemetry: Telemetry | null = openTelemetryOf(state, config, clock);
  const engine = createVirtualEngine(config, arrivals);
  const job = createVirtualJob(config);
  let atS = 0;

  const keep = async (records: readonly RequestRecord[]): Promise<void> => {
    const journal = openJournal({
      dir: join(state, 'journal'),
      worker: 'w0',
      config: { ...config.journal, fsync: 'never' },
      clock,
    });
    for (const one of records) journal.append(one);
    await journal.flush();
    await journal.close();
  };
  const look = async (site: SiteFaults): Promise<void> => {
    clock.nowMs = originMs + atS * 1000;
    const sample = engine.sample(atS, site.engineSilent?.(atS) ?? false);
    await ledger?.addSamples([sample]);
    const context = { target: 't', node: null, intervalMs: SCRAPE_S * 1000, nowMs: clock.nowMs };
    const isDown = site.exporterDown?.(atS) ?? false;
    for (const [source, text] of [
      ['sim', engine.page(atS)],
      ['dcgm', site.page?.(job.page(), atS) ?? job.page()],
    ] as const) {
      if (isDown && source === 'dcgm') continue;
      const page = parseExposition(Buffer.from(text), 'text/plain; version=0.0.4');
      if (!page.ok) throw page.error;
      telemetry?.observe(page.value.samples, { ...context, source, basis: 'modelled' });
    }
    telemetry?.flush();
  };
  /** One owner at a time: what was kept is closed, so that the command opens it as it would without an instance. */
  const closeStores = async (): Promise<void> => {
    telemetry?.close();
    await ledger?.close();
    telemetry = null;
    ledger = null;
  };
  const command = async (window: Window, args: readonly string[]): Promise<string> => {
    await closeStores();
    let out = '';
    let errors = '';
    const iso = (ms: number): string => new Date(ms).toISOString();
    const code = await runCli(
      ['why', ...args, '--since', iso(window.fromMs), '--until', iso(window.toMs)],
      {
        stdout: { write: (text) => void (out += text), isTTY: false, columns: 100 },
        stderr: { write: (text) => void (errors += text), isTTY: false },
        env: { TAILRACE_DATA: state },
        cwd: dir,
        clock,
        signal: new AbortController().signal,
      },
    );
    if (code !== 0) throw new Error(`why failed: ${errors}`);
    ledger = await openLedger({ dir: state, config: config.ledger, clock });
    telemetry = openTelemetryOf(state, config, clock);
    return out;
  };

  return {
    dir,
    async run(minutes, faults, site = {}) {
      const window = {
        fromMs: originMs + atS * 1000,
        toMs: originMs + (atS + minutes * 60) * 1000,
      };
      job.setFaults(faults);
      let lostS = 0;
      for (const endS = atS + minutes * 60; atS < endS;) {
        atS += SCRAPE_S;
        lostS += job.runTo(atS, dir, site);
        await keep(engine.runTo(atS));
        await look(site);
      }
      await ledger?.ingest();
      return { window, lostUsd: (lostS / 3600) * jobRanks * usdPerHour };
    },
    why: async (window, ...args) =>
      JSON.parse(await command(window, [...args, '--json'])) as WhyReport,
    text: (window, ...args) => command(window, args),
    async close() {
      await closeStores();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function openTelemetryOf(dir: string, config: Config, clock: Clock): Telemetry {
  const { hoursDays } = config.ledger.retention;
  return openTelemetry({ dir, clock, retention: { ...config.telemetry, hoursDays } });
}

function createVirtualJob(config: Config) {
  const [jobConfig] = config.jobs;
  const perToken = jobConfig === undefined ? null : flopsPerToken(jobConfig);
  const shape = usualShape({
    job: 'pretrain',
    host: 'trainer',
    ranks: jobRanks,
    accelerator: 'h100-sxm',
    flopsPerToken: perToken ?? 1,
    seed: 3,
  });
  if (!shape.ok) throw shape.error;
  const job = createSyntheticJob(shape.value);
  let endS = 0;
  return {
    setFaults: (faults: JobFaults) => job.setFaults(faults),
    page: () => job.devices(),
    /** Runs steps that begin before `toS`; returns the seconds that faults cost. */
    runTo(toS: number, dir: string, site: SiteFaults): number {
      let lostS = 0;
      while (endS < toS) {
        const step = job.step(originMs / 1000);
        lostS += step.lostS;
        ({ endS } = step);
        for (const one of site.records?.(step.records) ?? step.records) {
          appendFileSync(join(dir, `steps.${one.rank}.jsonl`), `${JSON.stringify(one)}\n`);
        }
      }
      return lostS;
    },
  };
}

function createVirtualEngine(
  config: Config,
  arrivals: { rows: ReadonlyArray<{ tokensIn: number; tokensOut: number }>; everyS: number },
) {
  const [engineConfig] = config.engines;
  if (engineConfig === undefined) throw new Error('no engine');
  const engine = buildEngine(engineConfig);
  const [core] = engine.replicas;
  if (core === undefined) throw new Error('no replica');
  const metrics = createEngineMetrics(engine, { host: 'sim', startedAtMs: originMs });
  const reader = createIntervalReader(engineConfig);
  let step: RunningStep | null = null;
  let sent = 0;
  let sampledS = 0;
  const done: Ticket[] = [];
  const page = (atS: number): string => metrics.text([core.meter(atS)], 0);
  const finishTo = (toS: number): void => {
    while (step !== null && step.endS <= toS) {
      const { endS } = step;
      const result = core.finish();
      metrics.step(step, result, 0);
      done.push(...result.finished);
      step = core.begin(endS);
    }
  };
  return {
    page,
    runTo(toS: number): RequestRecord[] {
      for (let dueS = sent * arrivals.everyS; dueS < toS; dueS = sent * arrivals.everyS) {
        finishTo(dueS);
        const row = arrivals.rows[sent % arrivals.rows.length];
        sent += 1;
        if (row === undefined) continue;
        core.submit({ promptTokens: row.tokensIn, outputTokens: row.tokensOut }, dueS);
        step ??= core.begin(dueS);
      }
      finishTo(toS);
      return done.splice(0).map((ticket) => recordOf(ticket, engine));
    },
    sample(atS: number, isSilent: boolean) {
      const parsed = parseExposition(Buffer.from(page(atS)), 'text/plain; version=0.0.4');
      if (!parsed.ok) throw parsed.error;
      const lengthS = atS - sampledS;
      const state = reader.read(isSilent ? null : parsed.value, lengthS);
      const fromMs = originMs + sampledS * 1000;
      sampledS = atS;
      return { engine: 'sim', fromMs, toMs: originMs + atS * 1000, up: !isSilent, ...state };
    },
  };
}

function recordOf(ticket: Ticket, engine: BuiltEngine): RequestRecord {
  const { sequence, arrivedS, lastTokenS, acceleratorS } = ticket;
  const endedAtMs = originMs + (lastTokenS ?? arrivedS) * 1000;
  return testingRecord({
    startedAtMs: originMs + arrivedS * 1000,
    endedAtMs,
    service: 'chat',
    route: 'r',
    engine: 'sim',
    modelServed: engine.model.id,
    tokens: {
      in: sequence.promptTokens,
      cachedIn: 0,
      cacheWrite: null,
      out: sequence.outputTokens,
      reasoning: null,
    },
    cost: {
      kind: 'rented',
      usageUsd: (acceleratorS / 3600) * usdPerHour,
      acceleratorSeconds: acceleratorS,
      basis: 'modelled',
    },
    simulated: true,
  });
}

/** Tokens of the recorded requests of a trace fixture. */
export const azureRows = (): Array<{ tokensIn: number; tokensOut: number }> =>
  readFileSync(join(import.meta.dirname, '../fixtures/traces/azure-conv-2000.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([, tokensIn, tokensOut]) => ({
      tokensIn: Number(tokensIn),
      tokensOut: Number(tokensOut),
    }));
