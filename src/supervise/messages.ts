import type { WorkerStats } from '../api/deps.ts';
import type { WorkerMetricsSnapshot } from '../api/worker-metrics.ts';
import type { Config } from '../config/schema.ts';
import type { KeyEntry } from '../serve/key-table.ts';

export type Role = 'control' | 'worker' | 'engine';

/** What a child needs to start and to follow changes; sent whole, over IPC only, since it holds secrets. */
export interface Snapshot {
  config: Config;
  /** Paths of values that came from secrets, to be masked wherever the configuration is shown. */
  secretPaths: string[];
  /** Keys made over the API; those of the configuration are in it. */
  keys: KeyEntry[];
  adminKey: KeyEntry;
  controlPort: number | null;
  stateDir: string;
  consoleDir: string | null;
  version: string;
}

/** Supervisor to child. `ask` numbers pair questions with answers. */
export type Order =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'report'; ask: number }
  | { type: 'workers'; ask: number; workers: WorkerStats[] }
  | { type: 'stop' };

/** Child to supervisor. `firstKey`: the first service key, at the first start only. */
export type News =
  | { type: 'hello' }
  | { type: 'ready'; port: number | null; keys: KeyEntry[] | null; firstKey: string | null }
  | { type: 'keys'; keys: KeyEntry[] }
  | { type: 'workers'; ask: number }
  | { type: 'report'; ask: number; metrics: WorkerMetricsSnapshot }
  | { type: 'failed'; code: string; message: string };
