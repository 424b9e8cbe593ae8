import { exportAnswers } from '../../govern/vendors/answers-csv.ts';
import { layers, questions } from '../../govern/vendors/question.ts';
import { EXIT, type Command } from '../command.ts';
import { usage } from '../load-options.ts';
import { textValue } from '../option-values.ts';

/** `tailrace vendor questions`: what to ask, why, and what a good answer contains. */
export const vendorQuestions: Command = {
  name: 'vendor questions',
  summary: 'the questions that matter, to vendors or to your own team',
  usage: 'tailrace vendor questions [options]',
  description: [
    'Each question says why it matters, what a good answer contains, and which condition of the scorecard it belongs',
    'to. --csv writes the questionnaire to fill in; `tailrace vendor import` reads it back.',
  ].join('\n'),
  examples: [
    'tailrace vendor questions --layer facilities',
    'tailrace vendor questions --team',
    'tailrace vendor questions --csv > questionnaire.csv',
  ],
  options: {
    layer: { type: 'string', value: 'NAME', description: `only of ${layers.join(', ')}` },
    team: { type: 'boolean', description: 'as asked of your own team' },
    csv: { type: 'boolean', description: 'write the questionnaire as CSV' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  positionalsMax: 0,
  async run({ values, stdout }) {
    const layer = textValue(values, 'layer');
    if (layer !== undefined && !layers.some((one) => one === layer)) {
      throw usage('layer', `is ${layers.join(', ')}, not "${layer}"`);
    }
    const team = values['team'] === true;
    const chosen = questions.filter((one) => layer === undefined || one.layer === layer);
    if (values['csv'] === true) {
      stdout.write(exportAnswers([], team ? 'team' : 'vendor'));
    } else if (values['json'] === true) {
      stdout.write(`${JSON.stringify({ questions: chosen }, null, 2)}\n`);
    } else {
      for (const one of chosen) {
        const probed = one.probe === null ? '' : ' (probed)';
        stdout.write(
          `${one.id}  weight ${one.weight}${probed}\n  ${team ? one.askTeam : one.ask}\n` +
            `  why: ${one.why}\n  good: ${one.good}\n  scorecard: ${one.condition}\n\n`,
        );
      }
    }
    return EXIT.ok;
  },
};
