import { resolve } from 'node:path';
import { analyzeFiles } from '../../measure/analyze/analyze-files.ts';
import { analyzers } from '../../measure/analyze/analyzers.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { textValue } from '../option-values.ts';
import { pushTraces } from '../push-traces.ts';
import { renderAnalysis } from '../render-analysis.ts';

const MAX_FILES = 1024;

/** `tailrace analyze`: what a file that a profiler or a benchmark wrote says. */
export const analyze: Command = {
  name: 'analyze',
  summary: 'read what profilers, benchmarks and training loops wrote, and say what it means',
  usage: 'tailrace analyze FILE... [options]',
  description: [
    'Recognises each FILE by its content. Traces of several ranks are read as one job. Names the',
    'largest loss first and, where it can be computed, what fixing it gains.',
    'With --push profiler traces go to the running instance, which keeps them and shows their timeline.',
    'With --json: one object per file or job; several come as {"analyses": [...]}.',
  ].join('\n'),
  examples: [
    'tailrace analyze worker0.pt.trace.json.gz',
    'tailrace analyze rank-0.json.gz rank-1.json.gz --json',
    'tailrace analyze rank-0.json.gz rank-1.json.gz --push',
    'tailrace analyze all_reduce.log --reference all_reduce_last_month.log',
  ],
  options: {
    reference: {
      type: 'string',
      value: 'FILE',
      description: 'a file of the same kind to compare with, where the kind has it',
    },
    push: {
      type: 'boolean',
      description: 'send traces to the running instance and print the address of their timeline',
    },
    json: { type: 'boolean', description: 'print the analysis as JSON' },
  },
  positionalsMax: MAX_FILES,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, positionals, cwd, stdout, stderr, signal } = context;
  if (positionals.length === 0) {
    const message = 'analyze needs at least one FILE; see tailrace help analyze';
    throw new TailraceError('TR_USAGE', message, { field: 'FILE' });
  }
  if (values['push'] === true) return push(context);
  const reference = textValue(values, 'reference');
  const result = await analyzeFiles(
    positionals.map((name) => ({ name, path: resolve(cwd, name) })),
    analyzers,
    {
      signal,
      onProgress: progressTo(context),
      ...(reference === undefined ? {} : { reference: resolve(cwd, reference) }),
    },
  );
  if (stderr.isTTY) stderr.write('\r\u001B[K');
  if (!result.ok) throw result.error;
  const [first, ...rest] = result.value;
  if (values['json'] === true) {
    const body =
      rest.length === 0 ? first?.json : { analyses: result.value.map(({ json }) => json) };
    stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  } else {
    stdout.write(result.value.map(renderAnalysis).join('\n'));
  }
  return EXIT.ok;
}

async function push(context: CommandContext): Promise<number> {
  const { values, positionals, stdout, stderr } = context;
  const pushed = await pushTraces(context, positionals, (text) => {
    if (stderr.isTTY) stderr.write(`\r\u001B[K${text}`);
  });
  if (stderr.isTTY) stderr.write('\r\u001B[K');
  const lines = pushed.traces.map(({ name, eventCount }) => `${name}: ${eventCount} events\n`);
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(pushed, null, 2)}\n`
      : `${lines.join('')}timeline: ${pushed.url}\n`,
  );
  return EXIT.ok;
}

/** A line on the terminal while reading takes more than a second. */
function progressTo({ stderr, clock }: CommandContext): (done: number, total: number) => void {
  const startMs = clock.monoMs();
  let lastMs = startMs;
  return (doneBytes, totalBytes) => {
    const nowMs = clock.monoMs();
    if (!stderr.isTTY || nowMs - startMs < 1000 || nowMs - lastMs < 250) return;
    lastMs = nowMs;
    const percent = Math.floor((100 * doneBytes) / Math.max(1, totalBytes));
    stderr.write(`\r\u001B[Kreading ${percent} %`);
  };
}
