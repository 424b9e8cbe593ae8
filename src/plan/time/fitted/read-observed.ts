import { DuckDBInstance } from '@duckdb/node-api';
import { TailraceError } from '../../../records/errors.ts';
import type { ObservedRequest } from './recover-roofline.ts';

/** Requests at most: a simulation of each step of the search runs over all of them. */
const MAX_REQUESTS = 20_000;

export interface ObservedRun {
  requests: ObservedRequest[];
  /** All of them were served by a simulated engine, which schedules one step at a time. */
  simulated: boolean;
  /** Times are those that the engine itself reported of each, without gateway and network. */
  engineTimes: boolean;
}

/**
 * Successful streamed requests of a Parquet file of `tailrace export`, of one engine when it is named; prompt
 * tokens that came from a cache are not counted. Throws TR_FILE_UNREADABLE.
 */
export async function readObserved(file: string, engine: string | null): Promise<ObservedRun> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT "startedAtMs" / 1000 AS arrival, "tokens_in" - coalesce("tokens_cachedIn", 0) AS prompt,
        "tokens_out" AS output, "latency_ttftMs" AS ttft, "latency_tpotMeanMs" AS tpot, "simulated",
        "latency_engineQueueMs" + "latency_prefillMs" AS engineTtft, "latency_decodeMs" AS decode
       FROM read_parquet($file)
       WHERE "outcome" = 'success' AND "latency_ttftMs" > 0 AND prompt > 0 AND output > 0
         AND ($engine IS NULL OR "engine" = $engine)
       ORDER BY "startedAtMs" LIMIT ${MAX_REQUESTS}`,
      { file, engine },
    );
    const rows = reader.getRowsJson();
    const engineTimes = rows.every((row) => row[6] !== null && row[7] !== null);
    const requests = rows.map((row) => observedOf(row, engineTimes));
    return { requests, simulated: rows.every((row) => row[5] === true), engineTimes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${file}: ${reason}: give --records a file of tailrace export`;
    throw new TailraceError('TR_FILE_UNREADABLE', message, { field: 'records' });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function observedOf(row: readonly unknown[], engineTimes: boolean): ObservedRequest {
  const [arrivalS, promptTokens, outputTokens, ttftMs, tpotMs, , engineTtftMs, decodeMs] = row;
  const later = Number(outputTokens) - 1;
  const ownTpotMs = engineTimes ? Number(decodeMs) / later : tpotMs;
  return {
    arrivalS: Number(arrivalS),
    promptTokens: Number(promptTokens),
    outputTokens: Number(outputTokens),
    ttftMs: Number(engineTimes ? engineTtftMs : ttftMs),
    tpotMs: ownTpotMs === null || later < 1 ? null : Number(ownTpotMs),
  };
}
