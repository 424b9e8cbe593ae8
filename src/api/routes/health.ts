import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { LedgerHealth } from '../../measure/ledger/ledger.ts';
import type { ControlDeps, WorkerStats } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { health, type Health } from '../views.ts';

const healthRoute = createRoute({
  method: 'get',
  path: `${API}/health`,
  operationId: 'getHealth',
  summary: 'How the ledger and the workers are, and every loss',
  security,
  responses: { 200: json(health.meta({ id: 'Health' }), 'Also when degraded.'), ...failures },
});

function viewWorker(stats: WorkerStats): Health['workers'][number] {
  const { worker, pid, up, startedAtMs, restarts, metrics } = stats;
  return {
    worker,
    pid,
    up,
    startedAtMs,
    restarts,
    inFlight: metrics?.inFlight ?? null,
    queueDepth: metrics?.queueDepth ?? null,
    journalLost: metrics?.journalLost ?? null,
    journalPendingBytes: metrics?.journalPendingBytes ?? null,
    rssBytes: metrics?.rssBytes ?? null,
    cpuSeconds: metrics?.cpuSeconds ?? null,
  };
}

function ledgerProblems(ledger: LedgerHealth | null): string[] {
  if (ledger === null) return ['the ledger does not answer'];
  const problems: string[] = [];
  if (ledger.diskFull) problems.push('the disk of the ledger is full; new records may be lost');
  if (ledger.lostRecords > 0) problems.push(`${ledger.lostRecords} records were lost`);
  if (ledger.corruptFrames > 0) {
    problems.push(`${ledger.corruptFrames} journal frames failed their checksum`);
  }
  if (ledger.lastError !== null) problems.push(`last error of the ledger: ${ledger.lastError}`);
  return problems;
}

function workerProblems(workers: readonly WorkerStats[] | null): string[] {
  if (workers === null) return ['the workers cannot be asked'];
  return workers.flatMap(({ worker, up, metrics }) => {
    if (!up) return [`${worker} is down`];
    if (metrics === null) return [`${worker} does not answer`];
    const lost = metrics.journalLost;
    return lost > 0 ? [`the journal of ${worker} dropped ${lost} records`] : [];
  });
}

/** Everything that needs a person, in words; empty when all is well. */
export const healthProblems = (
  ledger: LedgerHealth | null,
  workers: readonly WorkerStats[] | null,
): string[] => [...ledgerProblems(ledger), ...workerProblems(workers)];

/** The health of the ledger; null (and a line in the log) when it cannot be asked. */
export async function askLedgerHealth(deps: ControlDeps): Promise<LedgerHealth | null> {
  try {
    return await deps.ledger.health();
  } catch (error) {
    deps.log.error('ledger health failed', { error: String(error) });
    return null;
  }
}

/** The stats of the workers, none where no instance runs; null (and a line in the log) when they cannot be asked. */
export async function askWorkers(deps: ControlDeps): Promise<readonly WorkerStats[] | null> {
  if (deps.workerStats === undefined) return [];
  try {
    const stats = await deps.workerStats();
    return stats.length === 0 ? null : stats;
  } catch (error) {
    deps.log.error('worker stats failed', { error: String(error) });
    return null;
  }
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const startedAtMs = deps.clock.wallMs();
  app.openapi(healthRoute, async (c) => {
    const [ledger, workers] = await Promise.all([askLedgerHealth(deps), askWorkers(deps)]);
    const problems = healthProblems(ledger, workers);
    const value: Health = {
      status: problems.length === 0 ? 'ok' : 'degraded',
      problems,
      version: deps.version,
      nowMs: deps.clock.wallMs(),
      startedAtMs,
      ledger,
      workers: (workers ?? []).map(viewWorker),
    };
    return c.json(value, 200);
  });
}

/** `GET health`. */
export const healthEndpoint: Endpoint = { routes: [healthRoute], register };
