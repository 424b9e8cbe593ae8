import { BLOCK_TOKENS, type TraceRow } from '../../records/traces/trace-row.ts';
import type { ServingRequest } from '../serving/serving-request.ts';

/** Requests of a recorded trace (Azure, Mooncake with its block ids, CSV), `speed` times as fast. */
export function traceRequests(rows: readonly TraceRow[], speed = 1): ServingRequest[] {
  return rows.map(({ atMs, inputTokens, outputTokens, blockIds }) => ({
    arrivalS: atMs / 1000 / speed,
    promptTokens: inputTokens,
    outputTokens,
    blockIds,
    tokensPerBlockId: BLOCK_TOKENS,
  }));
}
