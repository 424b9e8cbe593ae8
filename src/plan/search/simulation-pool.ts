import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { TailraceError } from '../../records/errors.ts';
import type { PlanSource } from '../plan-file/parse-yaml-plan.ts';
import type { TrainingReport } from '../training/training-report.ts';
import type { Evaluation } from './evaluation.ts';
import type { SentResult, WorkerProblem, WorkerTask } from './evaluate-worker.ts';
import type { Evaluate } from './search-plans.ts';
import type { ServePlan } from './serve-plan.ts';

/** Simulations of one plan over the cores. */
export interface SimulationPool {
  /** At a rate of its own; null: the plan's. */
  at(ratePerS: number | null): Evaluate;
  /** Predicts the plan's own deployment; rejects with the TailraceError of planServe. */
  serve(): Promise<ServePlan>;
  /** Simulates a training plan; rejects with the TailraceError of the command. */
  train(source: PlanSource): Promise<TrainingReport>;
  close(): Promise<void>;
}

/** Beyond this many threads the machine has other things to do. */
const MAX_THREADS = 16;

/**
 * Worker threads that simulate candidates of a plan (`problem`; null where only training is simulated). Results do not depend on their number. `signal` ends
 * what runs and makes the calls reject with TR_PLAN_CANCELLED. The caller closes the pool.
 */
export function createSimulationPool(
  problem: WorkerProblem | null,
  { signal, threads = availableParallelism() }: { signal?: AbortSignal; threads?: number } = {},
): SimulationPool {
  const count = Math.max(1, Math.min(MAX_THREADS, threads));
  const pool = new Piscina({
    filename: workerFile(import.meta.url),
    minThreads: count,
    maxThreads: count,
    workerData: problem,
  });
  const run = async (task: WorkerTask | PlanSource | null, name: string): Promise<unknown> => {
    try {
      return await pool.run(task, { name, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
      throw new TailraceError('TR_PLAN_CANCELLED', 'the plan was cancelled', { cause: error });
    }
  };
  return {
    at: (ratePerS) => (tasks) =>
      Promise.all(
        tasks.map(async ({ candidate, requests }) => {
          const task = { candidate, requests, ratePerS };
          return (await run(task, 'default')) as Evaluation | null;
        }),
      ),
    serve: async () => received((await run(null, 'serve')) as SentResult<ServePlan>),
    train: async (source) => received((await run(source, 'train')) as SentResult<TrainingReport>),
    close: () => pool.close({ force: true }),
  };
}

function received<T>(sent: SentResult<T>): T {
  if (sent.ok) return sent.value;
  const { code, message, field } = sent.error;
  throw new TailraceError(code, message, field === null ? {} : { field });
}

/** The worker beside this file; in the published bundle, the entry of that name. */
const workerFile = (here: string): string =>
  new URL(here.endsWith('.ts') ? './evaluate-worker.ts' : './evaluate-worker.js', here).href;
