import { roles } from '../../govern/scorecard/criteria-schema.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { textValue } from '../option-values.ts';
import { openScoreInstance } from '../score-instance.ts';

const FORMATS = ['md', 'csv', 'ics', 'json'];

/** `tailrace roadmap`: an action for every unmet condition of the scorecard. */
export const roadmap: Command = {
  name: 'roadmap',
  summary: 'what to do about the gaps of the scorecard, in 30, 60 and 90 days',
  usage: 'tailrace roadmap [options]',
  description: [
    'Every unmet condition is an action with an owner, effort, the spend that it exposes, the points that it brings and',
    'how to see that it is done. Ordered by (points x spend) / effort; nothing that needs telemetry comes before telemetry.',
    'An action closes by itself when its condition has held for 7 days, and opens again when it stops.',
  ].join('\n'),
  examples: [
    'tailrace roadmap',
    'tailrace roadmap --role serving --format json',
    'tailrace roadmap --format ics > roadmap.ics',
  ],
  options: {
    role: { type: 'string', value: 'ROLE', description: `only of ${roles.join(', ')}` },
    service: { type: 'string', value: 'NAME', description: 'of one service (default: of all)' },
    format: { type: 'string', value: 'FORM', description: `${FORMATS.join(', ')} (default md)` },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
  },
  positionalsMax: 0,
  async run(context) {
    const { format, query } = askOf(context);
    const instance = await openScoreInstance(context, false);
    try {
      if (format === 'json') {
        const view = await instance.getJson(`/api/v1/roadmap?${query.toString()}`);
        context.stdout.write(`${JSON.stringify(view, null, 2)}\n`);
      } else {
        query.set('format', format);
        context.stdout.write(await instance.getText(`/api/v1/roadmap/export?${query.toString()}`));
      }
      return EXIT.ok;
    } finally {
      await instance.close();
    }
  },
};

function askOf({ values }: CommandContext): { format: string; query: URLSearchParams } {
  const query = new URLSearchParams();
  const role = textValue(values, 'role');
  if (role !== undefined) query.set('role', oneOf('role', role, roles));
  const service = textValue(values, 'service');
  if (service !== undefined) query.set('service', service);
  return { format: oneOf('format', textValue(values, 'format') ?? 'md', FORMATS), query };
}

function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  const message = `--${option} takes ${allowed.join(', ')}, not "${value}"`;
  throw new TailraceError('TR_USAGE', message, { field: option });
}
