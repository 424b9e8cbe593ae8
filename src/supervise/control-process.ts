import { mkdirSync } from 'node:fs';
import { createControlApp } from '../api/control-app.ts';
import { startControlServer } from '../api/control-server.ts';
import type { WorkerStats } from '../api/deps.ts';
import { openGovernance } from '../api/open-governance.ts';
import { planEntry } from '../api/plan-entry.ts';
import { postAlert } from '../api/post-alert.ts';
import { configChange, configDigest } from '../govern/logbook/config-change.ts';
import { entriesOf, type Logbook } from '../govern/logbook/logbook.ts';
import { createProbeJobs } from '../govern/vendors/probe/probe-jobs.ts';
import { openKeyStore } from '../govern/identity/key-store.ts';
import { openLedger } from '../measure/ledger/open-ledger.ts';
import { readResults, resultsPath } from '../measure/probes/evidence/result-store.ts';
import { createTimelineThreads } from '../measure/timeline/timeline-threads.ts';
import { openTraceLibrary } from '../measure/timeline/trace-library.ts';
import { systemAccessIo } from '../measure/sources/schedulers/system-access-io.ts';
import { openTelemetry } from '../measure/telemetry/telemetry.ts';
import { createPlanJobs, type DonePlan } from '../plan/jobs/plan-jobs.ts';
import { createPlannedAnswers } from '../plan/marginal/planned-answers.ts';
import type { LogbookEntry } from '../records/logbook-entry.ts';
import type { Config } from '../config/schema.ts';
import { TailraceError } from '../records/errors.ts';
import { systemClock } from '../records/clock.ts';
import { createLog } from '../serve/log.ts';
import { runAlertLoop } from './alert-loop.ts';
import { bufferedWriter, joinSupervisor, type Supervision } from './child-main.ts';
import { configKeys, ingestKeys } from './config-keys.ts';
import { runClusterLoop } from './cluster-loop.ts';
import { runEvidenceLoop } from './evidence-loop.ts';
import { runLedgerLoop } from './ledger-loop.ts';
import { lowerPriority } from './lower-priority.ts';
import type { Order, Snapshot } from './messages.ts';
import { runScrapeLoop } from './scrape-loop.ts';
import { runSourceLoop } from './source-loop.ts';

const workersAnswerMs = 1_500;
const controlNice = 10;

/** The control process: owns the ledger and the keys, serves control API and console. */
export function runControl(slot: string): void {
  // Requests come first: where cores are few, a batch of the ledger must not hold up a worker.
  lowerPriority(controlNice);
  let running: Promise<Running> | null = null;
  const questions = createQuestions(() => supervision);
  const supervision = joinSupervisor(() => void stop());
  const stop = async (): Promise<void> => {
    // What could not start has told so, and has nothing to stop.
    const started = await running?.catch(() => null);
    await started?.stop();
    process.exit(0);
  };
  supervision.onOrder((order: Order) => {
    if (order.type === 'stop') void stop();
    else if (order.type === 'workers') questions.answer(order.ask, order.workers);
    else if (order.type === 'snapshot') {
      if (running !== null) {
        void running.then(
          (one) => one.update(order.snapshot),
          () => {},
        );
        return;
      }
      running = start(slot, order.snapshot, supervision, questions.askWorkers);
      running.catch((error: unknown) => {
        const coded = error instanceof TailraceError ? error.code : 'CONTROL';
        const message = error instanceof Error ? error.message : String(error);
        supervision.tell({ type: 'failed', code: coded, message });
      });
    }
  });
  supervision.tell({ type: 'hello' });
}

interface Running {
  update(snapshot: Snapshot): void;
  stop(): Promise<void>;
}

async function start(
  slot: string,
  first: Snapshot,
  supervision: Supervision,
  workerStats: () => Promise<WorkerStats[]>,
): Promise<Running> {
  let snapshot = first;
  const clock = systemClock;
  const { stateDir } = first;
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const log = createLog({
    level: first.config.logLevel,
    process: slot,
    clock,
    write: bufferedWriter(),
  });
  const ledger = await openLedger({ dir: stateDir, config: first.config.ledger, clock });
  const retention = {
    ...first.config.telemetry,
    hoursDays: first.config.ledger.retention.hoursDays,
  };
  const telemetry = openTelemetry({ dir: stateDir, clock, retention });
  const keys = openKeyStore({ dir: stateDir, clock });
  const firstKey = createFirstKey(keys, first);
  const kept: { note?: (done: DonePlan) => void } = {};
  const plans = createPlanJobs(clock, undefined, (done) => kept.note?.(done));
  const computeAnswers = createPlannedAnswers();
  const config = (): Snapshot['config'] => snapshot.config;
  const read = { ledger, config, clock, computeAnswers, keys, plans, telemetry };
  const governance = await openGovernance({ stateDir, ...read });
  const { vendors, logbook } = governance;
  const note = (entry: LogbookEntry): void => {
    logbook.add(entry).catch((error: unknown) => {
      log.error('the logbook cannot be written', { error: String(error) });
    });
  };
  kept.note = (done) => note(planEntry(done));
  await noteStart(logbook, first.config, clock.wallMs());
  const vendorProbes = createProbeJobs(vendors, clock);
  const traces = await openTraceLibrary({
    stateDir,
    clock,
    limits: () => snapshot.config.traces,
    threads: createTimelineThreads(),
  });
  const watching = runClusterLoop(telemetry, clock, log, systemAccessIo(process.env));
  const app = createControlApp({
    ledger,
    config: () => snapshot.config,
    secretPaths: () => new Set(snapshot.secretPaths),
    keys,
    clock,
    adminKeys: () =>
      [snapshot.adminKey, ...configKeys(snapshot.config), ...keys.snapshot()].filter(
        (key) => key.admin,
      ),
    workerStats,
    consoleDir: first.consoleDir,
    version: first.version,
    onKeysChanged: () => supervision.tell({ type: 'keys', keys: keys.snapshot() }),
    computeAnswers,
    plans,
    governance,
    vendors,
    logbook,
    vendorProbes,
    traces,
    log,
    telemetry,
    clusters: () => watching.states(),
    probeResults: () => readResults(resultsPath(stateDir)),
    ingestKeys: () => ingestKeys(snapshot.config),
  });
  const server = await startControlServer({ app, host: '127.0.0.1', port: 0 });
  const ingesting = runLedgerLoop(ledger, log);
  const scraping = runScrapeLoop(ledger, clock, log);
  scraping.update(snapshot.config);
  const looking = runSourceLoop(telemetry, clock, log);
  looking.update(snapshot.config);
  watching.update(snapshot.config);
  const collecting = runEvidenceLoop(governance, log);
  const alerting = runAlertLoop({ ledger, config, clock }, { logbook, deliver: postAlert }, log);
  supervision.tell({ type: 'ready', port: server.port, keys: keys.snapshot(), firstKey });
  return {
    update(next) {
      const change = configChange(snapshot.config, next.config, clock.wallMs());
      if (change !== null) note(change);
      snapshot = next;
      scraping.update(next.config);
      looking.update(next.config);
      watching.update(next.config);
    },
    async stop() {
      scraping.stop();
      looking.stop();
      watching.stop();
      collecting.stop();
      alerting.stop();
      plans.close();
      vendorProbes.close();
      await server.close();
      await traces.close();
      await governance.close();
      await ingesting.stop();
      telemetry.close();
      await ledger.close();
      keys.close();
    },
  };
}

/** A start with another configuration than the last is a change too. */
async function noteStart(logbook: Logbook, config: Config, nowMs: number): Promise<void> {
  const last = entriesOf(await logbook.entries(), 'change').at(-1);
  if (last?.digest === configDigest(config)) return;
  const change = configChange(null, config, nowMs);
  // The first start of all changes nothing that anybody used.
  if (change !== null) await logbook.add(last === undefined ? { ...change, services: [] } : change);
}

/** A fresh install gets one service key; nobody can call it otherwise. */
function createFirstKey(keys: ReturnType<typeof openKeyStore>, first: Snapshot): string | null {
  if (keys.list().length > 0 || first.config.keys.length > 0) return null;
  return keys.create({ name: 'first', services: [], admin: false }).key;
}

/** Pairs questions to the supervisor with its answers; an answer that does not come in time is empty. */
function createQuestions(supervision: () => Supervision): {
  askWorkers: () => Promise<WorkerStats[]>;
  answer: (ask: number, workers: WorkerStats[]) => void;
} {
  let next = 0;
  const open = new Map<number, (workers: WorkerStats[]) => void>();
  return {
    askWorkers: () =>
      new Promise((resolve) => {
        const ask = (next += 1);
        const timer = setTimeout(() => {
          open.delete(ask);
          resolve([]);
        }, workersAnswerMs);
        open.set(ask, (workers) => {
          clearTimeout(timer);
          open.delete(ask);
          resolve(workers);
        });
        supervision().tell({ type: 'workers', ask });
      }),
    answer: (ask, workers) => open.get(ask)?.(workers),
  };
}
