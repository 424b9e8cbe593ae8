import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { WorkerStats } from '../api/deps.ts';
import type { WorkerMetricsSnapshot } from '../api/worker-metrics.ts';
import type { Config, EngineConfig } from '../config/schema.ts';
import { TailraceError } from '../records/errors.ts';
import type { KeyEntry } from '../serve/key-table.ts';
import type { Log } from '../serve/log.ts';
import { startChild, type Child } from './child.ts';
import { claimPort, type ClaimedPort } from './listen-port.ts';
import type { News, Snapshot } from './messages.ts';

/** The parts of a loaded configuration that children need. */
export interface ConfigVersion {
  config: Config;
  secretPaths: ReadonlySet<string>;
}

export interface SupervisorOptions extends ConfigVersion {
  stateDir: string;
  consoleDir: string | null;
  adminKey: KeyEntry;
  version: string;
  entry: string;
  log: Log;
}

/**
 * The one process that starts, watches and stops all others: simulated engines, the control process, the gateway
 * workers. It serves nothing itself, so that there is little in it that can fail.
 */
export interface Supervisor {
  /** Resolves when every part is up. Rejects with TailraceError when one cannot start. */
  ready: Promise<{ port: number; firstKey: string | null }>;
  /** Takes a new configuration to all parts; nothing in flight is dropped. */
  reconfigure(next: ConfigVersion): void;
  stop(): Promise<void>;
}

const engineGraceMs = 1_000;
const controlGraceMs = 30_000;
const reportMs = 1_000;
const workerSlot = 'worker';

export function startSupervisor(options: SupervisorOptions): Supervisor {
  return new Supervision(options);
}

class Supervision implements Supervisor {
  readonly ready: Promise<{ port: number; firstKey: string | null }>;
  readonly #options: SupervisorOptions;
  #config: Config;
  #secretPaths: ReadonlySet<string>;
  #keys: KeyEntry[] = [];
  #controlPort: number | null = null;
  #firstKey: string | null = null;
  #claimed: ClaimedPort | null = null;
  readonly #enginePorts = new Map<string, number>();
  readonly #engines = new Map<string, { child: Child; config: string }>();
  #control: Child;
  #workers: Child[] = [];
  readonly #readyWorkers = new Set<string>();
  #settleReady: {
    resolve: (v: { port: number; firstKey: string | null }) => void;
    reject: (e: Error) => void;
  } | null = null;
  #asks = 0;
  readonly #reports = new Map<number, (slot: string, metrics: WorkerMetricsSnapshot) => void>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#secretPaths = options.secretPaths;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    cluster.setupPrimary({ exec: options.entry, args: [] });
    this.#syncEngines();
    this.#control = this.#child('control', 'control');
    void this.#claimPort();
  }

  reconfigure(next: ConfigVersion): void {
    this.#config = next.config;
    this.#secretPaths = next.secretPaths;
    this.#syncEngines();
    this.#broadcast();
  }

  async stop(): Promise<void> {
    const drainMs = this.#config.server.drainTimeoutMs + 5_000;
    await Promise.all(this.#workers.map((worker) => worker.stop(drainMs)));
    await this.#control.stop(controlGraceMs);
    await Promise.all([...this.#engines.values()].map(({ child }) => child.stop(engineGraceMs)));
  }

  #child(slot: string, role: Child['role']): Child {
    return startChild({
      slot,
      role,
      entry: this.#options.entry,
      log: this.#options.log,
      onNews: (news, child) => this.#onNews(news, child),
      onDown: (child) => this.#onDown(child),
    });
  }

  #snapshot(): Snapshot {
    const { stateDir, consoleDir, adminKey, version } = this.#options;
    return {
      config: {
        ...this.#config,
        server: { ...this.#config.server, port: this.#claimed?.port ?? this.#config.server.port },
        engines: this.#config.engines.map((one) => this.#located(one)),
      },
      secretPaths: [...this.#secretPaths],
      keys: this.#keys,
      adminKey,
      controlPort: this.#controlPort,
      stateDir,
      consoleDir,
      version,
    };
  }

  /** A simulated engine's address is known once it listens. */
  #located(engine: EngineConfig): EngineConfig {
    if (engine.simulated === undefined) return engine;
    const port = this.#enginePorts.get(engine.name);
    if (port === undefined) return engine;
    const origin = `http://127.0.0.1:${port}`;
    return { ...engine, url: `${origin}/v1`, metricsUrl: `${origin}/metrics` };
  }

  #broadcast(): void {
    const order = { type: 'snapshot', snapshot: this.#snapshot() } as const;
    for (const child of [this.#control, ...this.#workers]) child.send(order);
  }

  #onNews(news: News, child: Child): void {
    if (news.type === 'hello') {
      // Workers wait for engines and keys; everyone else starts at once.
      child.send({ type: 'snapshot', snapshot: this.#snapshot() });
    } else if (news.type === 'ready') this.#onReady(news, child);
    else if (news.type === 'keys') {
      this.#keys = news.keys;
      this.#broadcast();
    } else if (news.type === 'workers') void this.#answerWorkers(news.ask);
    else if (news.type === 'report') this.#reports.get(news.ask)?.(child.slot, news.metrics);
    else this.#onFailed(news.code, child.slot, news.message);
  }

  #onReady(news: Extract<News, { type: 'ready' }>, child: Child): void {
    if (child.role === 'engine' && news.port !== null) {
      this.#enginePorts.set(child.slot.slice('engine-'.length), news.port);
      this.#broadcast();
    } else if (child.role === 'control') {
      this.#controlPort = news.port;
      this.#keys = news.keys ?? this.#keys;
      this.#firstKey = news.firstKey ?? this.#firstKey;
      this.#broadcast();
    } else if (child.role === 'worker') {
      this.#readyWorkers.add(child.slot);
    }
    this.#goOn();
  }

  async #claimPort(): Promise<void> {
    const { host, port } = this.#config.server;
    try {
      this.#claimed = await claimPort(host, port);
      this.#goOn();
    } catch (error) {
      const { code = 'ERROR', message } = error as NodeJS.ErrnoException;
      this.#onFailed(code, workerSlot, message);
    }
  }

  /** Starts the workers when what they need is there, and says so when all are up. */
  #goOn(): void {
    const engines = this.#config.engines.filter((one) => one.simulated !== undefined);
    const enginesUp = engines.every((one) => this.#enginePorts.has(one.name));
    if (!enginesUp || this.#controlPort === null || this.#claimed === null) return;
    if (this.#workers.length === 0) {
      const { workers } = this.#config.server;
      const count = workers === 'auto' ? availableParallelism() : workers;
      this.#workers = Array.from({ length: count }, (_, i) =>
        this.#child(`${workerSlot}-${i + 1}`, 'worker'),
      );
    }
    if (this.#readyWorkers.size < this.#workers.length) return;
    this.#claimed.release();
    this.#settleReady?.resolve({ port: this.#claimed.port, firstKey: this.#firstKey });
    this.#settleReady = null;
  }

  #onDown(child: Child): void {
    if (child.role === 'control') {
      this.#controlPort = null;
      this.#broadcast();
    } else if (child.role === 'worker') this.#readyWorkers.delete(child.slot);
    else if (child.role === 'engine')
      this.#options.log.warn('a simulated engine went down', { slot: child.slot });
  }

  #onFailed(systemCode: string, slot: string, why: string): void {
    const { server } = this.#config;
    const inUse = systemCode === 'EADDRINUSE' && slot.startsWith(workerSlot);
    const code = inUse
      ? 'TR_PORT_IN_USE'
      : systemCode === 'TR_STATE_LOCKED'
        ? 'TR_STATE_LOCKED'
        : 'TR_START_FAILED';
    const message = inUse
      ? `port ${server.port} on ${server.host} is in use; set server.port or pass --port`
      : `${slot}: ${why}`;
    this.#options.log.error('a part could not start', {
      slot,
      code: systemCode,
      error: why,
    });
    this.#settleReady?.reject(
      new TailraceError(code, message, inUse ? { field: 'server.port' } : {}),
    );
    this.#settleReady = null;
  }

  /** Starts, restarts and stops simulated engines so that they are those of the configuration. */
  #syncEngines(): void {
    const wanted = new Map(
      this.#config.engines
        .filter((one) => one.simulated !== undefined)
        .map((one) => [one.name, JSON.stringify(one)]),
    );
    for (const [name, { child, config }] of this.#engines) {
      if (wanted.get(name) === config) continue;
      this.#engines.delete(name);
      this.#enginePorts.delete(name);
      // The old one goes on until requests that are under way on it have had time to end.
      const graceMs = this.#config.server.drainTimeoutMs;
      setTimeout(
        () => void child.stop(engineGraceMs),
        wanted.has(name) ? graceMs : engineGraceMs,
      ).unref();
    }
    for (const [name, config] of wanted) {
      if (this.#engines.has(name)) continue;
      this.#engines.set(name, { child: this.#child(`engine-${name}`, 'engine'), config });
    }
  }

  async #answerWorkers(ask: number): Promise<void> {
    const stats = await this.#collectReports();
    this.#control.send({ type: 'workers', ask, workers: stats });
  }

  async #collectReports(): Promise<WorkerStats[]> {
    const ask = (this.#asks += 1);
    const got = new Map<string, WorkerMetricsSnapshot>();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, reportMs);
      this.#reports.set(ask, (slot, metrics) => {
        got.set(slot, metrics);
        if (got.size < this.#workers.filter((worker) => worker.up).length) return;
        clearTimeout(timer);
        resolve();
      });
      for (const worker of this.#workers) worker.send({ type: 'report', ask });
    });
    this.#reports.delete(ask);
    return this.#workers.map((worker) => ({
      worker: worker.slot,
      pid: worker.pid,
      up: worker.up,
      startedAtMs: worker.startedAtMs,
      restarts: worker.restarts,
      metrics: got.get(worker.slot) ?? null,
    }));
  }
}
