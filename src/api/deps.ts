import type { Clock } from '../records/clock.ts';
import type { Config } from '../config/schema.ts';
import type { Governance } from '../govern/governance.ts';
import type { Logbook } from '../govern/logbook/logbook.ts';
import type { ProbeJobs } from '../govern/vendors/probe/probe-jobs.ts';
import type { VendorStore } from '../govern/vendors/vendor-store.ts';
import type { Answers } from '../measure/answers/answers.ts';
import type { LedgerReader, Window } from '../measure/ledger/ledger.ts';
import type { ProbeResult } from '../measure/probes/evidence/probe-result.ts';
import type { TraceLibrary } from '../measure/timeline/trace-library.ts';
import type { Telemetry, TelemetryReader } from '../measure/telemetry/telemetry.ts';
import type { ClusterState } from '../plan/cluster-replay/live/cluster-state.ts';
import type { PlanJobs } from '../plan/jobs/plan-jobs.ts';
import type { KeyEntry } from '../serve/key-table.ts';
import type { Log } from '../serve/log.ts';
import type { KeyCreate, KeyCreated, KeyView } from './schema.ts';
import type { WorkerMetricsSnapshot } from './worker-metrics.ts';

/** The store of keys made over the API (govern/identity). Those of the configuration are not in it. */
export interface KeyStore {
  /** Active and revoked keys, newest first. */
  list(): KeyView[];
  /** Throws TailraceError TR_FIELD_INVALID when an active key has this name. */
  create(ask: KeyCreate): KeyCreated;
  /** The revoked key; null when there is no such id. */
  revoke(id: string): KeyView | null;
  /** Active keys as the request path knows them. */
  snapshot(): KeyEntry[];
}

/** One gateway worker as the supervisor sees it; `metrics` is null when it did not answer in time. */
export interface WorkerStats {
  /** Stable name of the slot, e.g. `worker-1`. */
  worker: string;
  pid: number | null;
  up: boolean;
  /** Start of the current process in this slot, Unix milliseconds. */
  startedAtMs: number | null;
  restarts: number;
  metrics: WorkerMetricsSnapshot | null;
}

export interface AnswersAsk {
  ledger: LedgerReader;
  config: Config;
  window: Window;
  service?: string;
  by?: 'tenant' | 'feature' | 'model';
  clock: Clock;
}

/** What the control server is handed; it opens nothing but temporary export files. */
export interface ControlDeps {
  ledger: LedgerReader;
  config: () => Config;
  /** Paths of the configuration whose values were substituted from secrets; they are masked. */
  secretPaths?: () => ReadonlySet<string>;
  keys: KeyStore;
  clock: Clock;
  /** Every key that may use this API: from the configuration, the store and the instance itself. */
  adminKeys: () => readonly KeyEntry[];
  /**
   * Must settle within seconds; a silent worker has `metrics: null`, an empty list is no answer. Absent: no instance
   * runs, so there are no workers to ask.
   */
  workerStats?: () => Promise<readonly WorkerStats[]>;
  /** Folder of the built console; null: no console is served. */
  consoleDir: string | null;
  version: string;
  /** Called after a key was created or revoked, so that workers learn of it. */
  onKeysChanged: () => void;
  computeAnswers: (ask: AnswersAsk) => Promise<Answers>;
  /** Plans under way and their results; absent: no instance runs to compute them. */
  plans?: PlanJobs;
  /** Vendors and what they answered; absent where no state is open. */
  vendors?: VendorStore;
  /** Probes of vendors' endpoints; absent: no instance runs to send them. */
  vendorProbes?: ProbeJobs;
  log: Log;
  /** What exporters and SDKs say; absent where nothing is taken in (an instance that does not run). */
  telemetry?: Telemetry;
  /** The newest state of each configured cluster; absent where no instance looks at them. */
  clusters?: () => readonly ClusterState[];
  /** What `tailrace probe` kept, oldest first; absent where no instance runs. */
  probeResults?: () => Promise<{ results: ProbeResult[]; skipped: number }>;
  /** Read side of kept telemetry where none is taken in. */
  resources?: TelemetryReader['resources'];
  clusterSpells?: TelemetryReader['clusterSpells'];
  /** Keys that may push telemetry, besides those of admins. */
  ingestKeys?: () => readonly KeyEntry[];
  /** Evidence, scorecard and roadmap; absent: this instance keeps none. */
  governance?: Governance;
  /** What happened once and evidence is drawn from; absent: this instance keeps none. */
  logbook?: Logbook;
  /** Profiler traces that were brought; absent where no instance runs. */
  traces?: TraceLibrary;
  /** Where exports are written before they are sent; default: the system's. */
  tempDir?: string;
}
