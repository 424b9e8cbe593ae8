import { parseTextFormat } from '../../measure/sources/exposition/text-format.ts';
import { ok, type Result } from '../../records/errors.ts';

/** What an engine says it has done since it started, under vLLM's metric names. */
export interface EngineCounters {
  succeeded: number;
  promptTokens: number;
  outputTokens: number;
}

const NAMES = {
  succeeded: 'vllm:request_success_total',
  promptTokens: 'vllm:prompt_tokens_total',
  outputTokens: 'vllm:generation_tokens_total',
} as const;

/** Reads the counters out of a /metrics page, summed over models and finish reasons. */
export function engineCounters(text: string): Result<EngineCounters> {
  const parsed = parseTextFormat(text);
  if (!parsed.ok) return parsed;
  const sum = (name: string): number =>
    parsed.value.samples
      .filter((sample) => sample.name === name)
      .reduce((total, sample) => total + sample.value, 0);
  return ok({
    succeeded: sum(NAMES.succeeded),
    promptTokens: sum(NAMES.promptTokens),
    outputTokens: sum(NAMES.outputTokens),
  });
}

/** Work done between two readings of the same engines, added up. */
export function workBetween(
  before: readonly EngineCounters[],
  after: readonly EngineCounters[],
): EngineCounters {
  const work = { succeeded: 0, promptTokens: 0, outputTokens: 0 };
  for (const [index, end] of after.entries()) {
    const start = before[index] ?? { succeeded: 0, promptTokens: 0, outputTokens: 0 };
    work.succeeded += end.succeeded - start.succeeded;
    work.promptTokens += end.promptTokens - start.promptTokens;
    work.outputTokens += end.outputTokens - start.outputTokens;
  }
  return work;
}
