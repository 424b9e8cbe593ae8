import { basename, resolve } from 'node:path';
import { scanTrace, traceRows } from '../../plan/load/trace-file.ts';
import { TailraceError } from '../../records/errors.ts';
import { count, duration } from '../answer-units.ts';
import type { Command, CommandContext } from '../command.ts';
import { LOAD_CAPS, loadOptions, positiveOption, wholeOption } from '../load-options.ts';
import { runLoad } from '../run-load.ts';

const DEFAULT_LIMIT = 100_000;

/** `tailrace replay`: the requests of a recorded trace, at their times. */
export const replay: Command = {
  name: 'replay',
  summary: 'send the requests of a real trace and compare the result with the ledger',
  usage: 'tailrace replay TRACE [options]',
  description: [
    'Sends one streamed chat per row, at the time of the row, whether or not earlier replies have come',
    '(open loop), with prompts and replies of exactly the token counts of the trace. Latency counts from the',
    'moment a request was due. At the end the replies are compared with the ledger of the instance, request',
    'by request; exit code 1 when a figure differs.',
    'TRACE is an Azure LLM CSV, a Mooncake JSONL or a CSV with timestamp,input_tokens,output_tokens.',
  ].join('\n'),
  examples: [
    'tailrace replay AzureLLMInferenceTrace_conv.csv --limit 2000 --speed 10',
    'tailrace replay trace.csv --target http://127.0.0.1:8000/v1 --model llama-3.1-8b --json',
  ],
  options: {
    speed: {
      type: 'string',
      short: 's',
      value: 'N',
      description: 'trace seconds per real second (default 1)',
    },
    limit: {
      type: 'string',
      short: 'n',
      value: 'N',
      description: 'rows at most (default 100000, at most 1000000)',
    },
    ...loadOptions,
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, positionals, cwd, stderr } = context;
  const [trace] = positionals;
  if (trace === undefined) {
    throw new TailraceError('TR_USAGE', 'replay needs a TRACE file; see tailrace help replay', {
      field: 'TRACE',
    });
  }
  const speed = positiveOption(values, 'speed', LOAD_CAPS.speed) ?? 1;
  const limit = wholeOption(values, 'limit', DEFAULT_LIMIT, LOAD_CAPS.requests);
  const path = resolve(cwd, trace);
  const scanned = await scanTrace(path, trace, limit);
  if (!scanned.ok) throw scanned.error;
  const { format, rows, spanMs } = scanned.value;
  stderr.write(
    `${basename(trace)}: ${format}, ${count(rows)} rows, ${duration(spanMs / speed)} at speed ${speed}\n`,
  );
  return runLoad(context, {
    kind: 'replay',
    rows: traceRows(path, trace, limit),
    expected: rows,
    speed,
    maxRequests: limit,
  });
}
