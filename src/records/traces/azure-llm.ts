import { parseTokens, shown, traceError, type TimedRow } from './trace-row.ts';
import { parseDateTime } from './trace-time.ts';
import type { TraceFormat } from './trace-format.ts';

const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens';

/**
 * Azure LLM inference trace 2023 (Azure/AzurePublicDataset, Patel et al., Splitwise, ISCA 2024):
 * `2023-11-16 18:15:46.6805900,374,44`. Times are UTC with seven digits of fraction.
 */
export const azureLlm: TraceFormat = {
  id: 'azure-llm',
  name: 'Azure LLM inference trace (CSV)',
  hasHeader: true,
  detect: (firstLine) => firstLine === HEADER,
  rowParser: () => parseRow,
};

function parseRow(line: number, text: string): TimedRow {
  const fields = text.split(',', 5);
  const [time, context, generated] = fields;
  if (fields.length !== 3 || time === undefined || context === undefined) {
    const problem = `${fields.length} fields instead of 3`;
    throw traceError(line, 'row', problem, `write ${HEADER}`);
  }
  const atMs = parseDateTime(time);
  if (atMs === null) {
    const fix = 'write YYYY-MM-DD HH:MM:SS.fffffff';
    throw traceError(line, 'TIMESTAMP', `${shown(time)} is not a time`, fix);
  }
  const inputTokens = parseTokens(line, 'ContextTokens', context);
  const outputTokens = parseTokens(line, 'GeneratedTokens', generated ?? '');
  return { line, atMs, inputTokens, outputTokens, blockIds: null };
}
