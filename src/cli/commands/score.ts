import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../../config/nearest.ts';
import { RISK_BELOW } from '../../govern/scorecard/reading.ts';
import { scoreView, type ScoreView } from '../../govern/scorecard/score-view.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import type { Instance } from '../instance.ts';
import { runInterview } from '../interview.ts';
import { textValue } from '../option-values.ts';
import { renderCategory, renderScore } from '../render-score.ts';
import { openScoreInstance } from '../score-instance.ts';
import { wantsColour } from '../wants-colour.ts';

/** Exit code below 10 points proven. */
const EXIT_RISK = 3;

/** `tailrace score`: the scorecard, from the running instance, from its state, or from nothing. */
export const score: Command = {
  name: 'score',
  summary: 'the 16-point scorecard, graded from evidence',
  usage: 'tailrace score [options]',
  description: [
    'Eight categories, each 0 (unclear), 1 (partially defined) or 2 (disciplined and measured). What is claimed, what',
    'is proven and what simulated engines produced are three totals that never mix. Level 1 needs a document in',
    'date for every condition, level 2 a measurement by Tailrace; what is missing is 0.',
    '',
    'Without an instance and without data, --interview asks plain questions; words and documents reach level 1 only.',
    '',
    'Exit code: 0 from 10 points proven, 3 below (AI spending risk), 2 wrong usage.',
  ].join('\n'),
  examples: [
    'tailrace score',
    'tailrace score --explain serving',
    'tailrace score --service chat --json',
    'tailrace score --report scorecard.html',
  ],
  options: {
    service: { type: 'string', value: 'NAME', description: 'of one service (default: of all)' },
    explain: {
      type: 'string',
      value: 'CATEGORY',
      description: 'every condition of a category, with its evidence',
    },
    interview: {
      type: 'boolean',
      description: 'answer plain questions first, in about ten minutes',
    },
    report: { type: 'string', value: 'FILE', description: 'write a page to print (HTML, A4)' },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
    json: { type: 'boolean', description: 'print the score as JSON' },
  },
  positionalsMax: 0,
  async run(context) {
    const { values } = context;
    const interviews = values['interview'] === true;
    const instance = await openScoreInstance(context, interviews);
    try {
      if (interviews && (await runInterview(context, instance)) === null) return EXIT.failed;
      const view = await readScore(context, instance);
      await writeReport(context, instance);
      print(view, context);
      return view.proven < RISK_BELOW ? EXIT_RISK : EXIT.ok;
    } finally {
      await instance.close();
    }
  },
};

const serviceQuery = ({ values }: CommandContext): string => {
  const service = textValue(values, 'service');
  return service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
};

async function readScore(context: CommandContext, instance: Instance): Promise<ScoreView> {
  const parsed = scoreView.safeParse(
    await instance.getJson(`/api/v1/score${serviceQuery(context)}`),
  );
  if (parsed.success) return parsed.data;
  const message = 'the instance answered in a form that this version does not know';
  throw new TailraceError('TR_INTERNAL', message, { cause: parsed.error });
}

async function writeReport(context: CommandContext, instance: Instance): Promise<void> {
  const file = textValue(context.values, 'report');
  if (file === undefined) return;
  const page = await instance.getText(`/api/v1/score/report${serviceQuery(context)}`);
  try {
    writeFileSync(resolve(context.cwd, file), page);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TailraceError('TR_EXPORT_FAILED', `${file}: ${reason}`, { field: 'report', cause });
  }
  context.stderr.write(`report written to ${file}\n`);
}

function print(view: ScoreView, context: CommandContext): void {
  const { values, stdout } = context;
  const look = { columns: stdout.columns, colour: wantsColour(context) };
  const explain = textValue(values, 'explain');
  const category = explain === undefined ? null : categoryOf(view, explain);
  if (values['json'] === true) {
    stdout.write(`${JSON.stringify(category ?? view, null, 2)}\n`);
    return;
  }
  stdout.write(category === null ? renderScore(view, look) : renderCategory(category, look));
}

/** By id or number. TR_USAGE names what there is. */
function categoryOf({ categories }: ScoreView, name: string): ScoreView['categories'][number] {
  const found = categories.find((one) => one.id === name || String(one.number) === name);
  if (found !== undefined) return found;
  const names = categories.map((one) => one.id);
  const meant = nearest(name, names);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const message = `--explain takes ${names.join(', ')}, not "${name}"${hint}`;
  throw new TailraceError('TR_USAGE', message, { field: 'explain' });
}
