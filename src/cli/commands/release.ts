import type { EntryOf } from '../../records/logbook-entry.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { entryOf, logbookOptions, serviceOf, withLogbook } from '../logbook-access.ts';
import { textValue } from '../option-values.ts';

/** `tailrace release`: the gate that a pipeline asks before it changes anything. */
export const release: Command = {
  name: 'release',
  summary: 'ask the release gate: is there error budget left, is the canary no slower',
  usage: 'tailrace release [options]',
  description: [
    'Stops a release when the error budget of the service (30 days) is spent, and a canary whose p99 is more than 1.2 times',
    'that of the other engines over the last hour; 300 replies of each are needed. Every verdict is kept, and changes of',
    'the configuration that did not pass the gate show in the scorecard. Put it before the step that changes something.',
    '',
    'Exit code: 0 go on, 1 stop.',
  ].join('\n'),
  examples: [
    'tailrace release --service chat',
    'tailrace release --service chat --candidate gpu-b',
  ],
  options: {
    service: {
      type: 'string',
      value: 'NAME',
      description: 'of which service (default: the only one)',
    },
    candidate: { type: 'string', value: 'ENGINE', description: 'engine under trial in the route' },
    ...logbookOptions,
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout } = context;
  const entry = await withLogbook(context, async (instance) => {
    const service = await serviceOf(context, instance);
    const candidate = textValue(values, 'candidate') ?? null;
    return entryOf(await instance.postJson('/api/v1/releases', { service, candidate }));
  });
  if (entry.kind !== 'release') return EXIT.failed;
  stdout.write(values['json'] === true ? `${JSON.stringify(entry, null, 2)}\n` : textOf(entry));
  return entry.passed ? EXIT.ok : EXIT.failed;
}

function textOf(entry: EntryOf<'release'>): string {
  const { budgetLeftShare, p99, passed, reasons, service, candidate } = entry;
  const left =
    budgetLeftShare === null ? 'unknown' : `${Math.round(budgetLeftShare * 1000) / 10} % left`;
  return [
    `${service}${candidate === null ? '' : `, candidate ${candidate}`}: ${passed ? 'go on' : 'stop'}`,
    `  error budget  ${left}`,
    ...(p99 === null
      ? []
      : [
          `  p99           ${Math.round(p99.candidateMs)} ms, others ${Math.round(p99.othersMs)} ms`,
        ]),
    ...reasons.map((reason) => `  because       ${reason}`),
    ...(entry.simulated ? ['  simulated engines had a part in it'] : []),
    '',
  ].join('\n');
}
