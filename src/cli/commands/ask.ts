import { answers as answersSchema, type Answers } from '../../measure/answers/answers.ts';
import { TailraceError } from '../../records/errors.ts';
import type { Command, CommandContext, OptionValues } from '../command.ts';
import { parseWindow } from '../time-window.ts';
import { windowOptions } from '../window-options.ts';
import { openInstance } from '../instance.ts';
import { renderAnswers } from '../render-answers.ts';
import { wantsColour } from '../wants-colour.ts';

const GROUPINGS = ['tenant', 'feature', 'model'];
const DEFAULT_SINCE = '1h';

/** `tailrace ask`: the three answers on one screen, from the running instance or from its state. */
export const ask: Command = {
  name: 'ask',
  summary: 'latency against target, cost, and utilization with its causes',
  usage: 'tailrace ask [service] [options]',
  description: [
    'For each service: real p50, p95 and p99 against target and where the tail comes from; what',
    'requests and tokens cost, with idle time and at twice the traffic; how busy the engines are',
    'and what the largest loss costs. What cannot be answered is a red flag that says what is missing.',
    '',
    'Exit code: 0 answered and within target, 3 a red flag, 4 a target missed, 2 wrong usage.',
  ].join('\n'),
  examples: [
    'tailrace ask',
    'tailrace ask chat --since 24h',
    'tailrace ask --by tenant --json',
    'tailrace ask --since 2026-01-31T12:00Z --until 2026-01-31T13:00Z',
  ],
  options: {
    ...windowOptions('1h'),
    by: { type: 'string', value: 'KEY', description: 'break down by tenant, feature or model' },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
    json: { type: 'boolean', description: 'print the answers as JSON' },
  },
  positionalsMax: 1,
  async run(context) {
    const path = answersPath(context);
    const instance = await openInstance(context);
    let body: unknown;
    try {
      body = await instance.getJson(path);
    } finally {
      await instance.close();
    }
    const answers = parseAnswers(body);
    context.stdout.write(
      context.values['json'] === true
        ? `${JSON.stringify(answers, null, 2)}\n`
        : renderAnswers(answers, {
            columns: context.stdout.columns,
            colour: wantsColour(context),
          }),
    );
    return answers.exitCode;
  },
};

/** Path and query of `GET /api/v1/answers` for the command line. */
function answersPath({ values, positionals, clock }: CommandContext): string {
  const since = text(values, 'since') ?? DEFAULT_SINCE;
  const window = parseWindow({ since, until: text(values, 'until') }, clock.wallMs());
  if (!window.ok) throw window.error;
  const query = new URLSearchParams({
    fromMs: String(window.value.fromMs),
    toMs: String(window.value.toMs),
  });
  const by = text(values, 'by');
  if (by !== undefined) {
    if (!GROUPINGS.includes(by)) {
      const message = `--by takes ${GROUPINGS.join(', ')}, not "${by}"`;
      throw new TailraceError('TR_USAGE', message, { field: 'by' });
    }
    query.set('by', by);
  }
  const [service] = positionals;
  if (service !== undefined) query.set('service', service);
  return `/api/v1/answers?${query.toString()}`;
}

const text = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

function parseAnswers(body: unknown): Answers {
  const parsed = answersSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = 'the instance answered in a form that this version does not know';
  throw new TailraceError('TR_INTERNAL', message, { cause: parsed.error });
}
