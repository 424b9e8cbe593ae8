import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClusterFacts } from '../../measure/bottleneck/cluster/cluster-facts.ts';
import { readClusterFacts } from '../../measure/bottleneck/cluster/read-cluster-facts.ts';
import { whyReport, type WhyReport } from '../../measure/bottleneck/why-report.ts';
import type { Window } from '../../measure/ledger/ledger.ts';
import { TailraceError } from '../../records/errors.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { parseWindow } from '../time-window.ts';
import { windowOptions } from '../window-options.ts';
import { openInstance } from '../instance.ts';
import { positiveOption } from '../load-options.ts';
import { textValue, textValues } from '../option-values.ts';
import { renderWhy } from '../render-why.ts';

const DEFAULT_SINCE = '1h';
const STANDARD_INPUT = 0;

/** `tailrace why`: where accelerator time went, in money, and which change frees most. */
export const why: Command = {
  name: 'why',
  summary: 'where accelerator time went, in money, and which change frees most',
  usage: 'tailrace why [service|engine|job|cluster] [options]',
  description: [
    'Every accelerator-hour paid for goes to one cause: not allocated, allocated but idle, active but',
    'held down, useful, or unexplained. Training and inference are counted apart. Each loss comes with',
    'its money, its evidence, and what fixing it brings. Jobs and live clusters are described in `jobs:`',
    'and `clusters:` of tailrace.yaml.',
  ].join('\n'),
  examples: [
    'tailrace why',
    'tailrace why chat --since 24h',
    'tailrace why --since 7d --json',
    'tailrace why --cluster check.json --price 2.50',
  ],
  options: {
    ...windowOptions('1h'),
    cluster: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description: 'JSON of `cluster check` or `cluster replay`; - is standard input',
    },
    price: { type: 'string', value: 'USD', description: "what a cluster's card costs an hour" },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
    json: { type: 'boolean', description: 'print the report as JSON' },
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, positionals, clock, stdout } = context;
  const since = textValue(values, 'since') ?? DEFAULT_SINCE;
  const window = parseWindow({ since, until: textValue(values, 'until') }, clock.wallMs());
  if (!window.ok) throw window.error;
  const clusters = readClusters(context, window.value);
  const query = new URLSearchParams({
    fromMs: String(window.value.fromMs),
    toMs: String(window.value.toMs),
  });
  const [subject] = positionals;
  if (subject !== undefined) query.set('subject', subject);
  const path = `/api/v1/why?${query.toString()}`;
  const instance = await openInstance(context);
  let body: unknown;
  try {
    body =
      clusters.length === 0
        ? await instance.getJson(path)
        : await instance.postJson(path, { clusters });
  } finally {
    await instance.close();
  }
  const report = parseReport(body);
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderWhy(report, stdout.columns),
  );
  return EXIT.ok;
}

function readClusters(context: CommandContext, window: Window): ClusterFacts[] {
  const usdPerCardHour = positiveOption(context.values, 'price', 100_000);
  return textValues(context.values, 'cluster').map((file) => {
    const facts = readClusterFacts(readText(context, file), { window, usdPerCardHour });
    if (facts.ok) return facts.value;
    throw new TailraceError(facts.error.code, `${file}: ${facts.error.message}`, {
      field: 'cluster',
    });
  });
}

function readText({ cwd }: CommandContext, file: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : resolve(cwd, file), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${file}: cannot be read: ${reason}; give --cluster a file`;
    throw new TailraceError('TR_FILE_UNREADABLE', message, { field: 'cluster', cause });
  }
}

function parseReport(body: unknown): WhyReport {
  const parsed = whyReport.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = 'the instance answered in a form that this version does not know';
  throw new TailraceError('TR_INTERNAL', message, { cause: parsed.error });
}
