import { resolve } from 'node:path';
import { seenByCalibration } from '../../plan/validate/calibrate.ts';
import { validate, validationSets } from '../../plan/validate/validate.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { textValue } from '../option-values.ts';
import { renderValidation } from '../render-validation.ts';
import { wantsColour } from '../wants-colour.ts';

const DEFAULT_DATA = 'test/fixtures/planning';

/** `tailrace plan validate`: predictions beside what was measured on real hardware. */
export const planValidate: Command = {
  name: 'plan validate',
  summary: 'check predictions against published measurements of real hardware',
  usage: 'tailrace plan validate [options]',
  description: [
    'Simulates or predicts what was measured in published runs and prints both, the error and its bound. Nothing that',
    'is scored has been seen by what predicts it. The data folder holds one folder per set:',
    `${validationSets.map(({ name }) => name).join(', ')}; docs/planner.md says what each is. An installed package`,
    `holds no measurements: the default is the folder of the repository, anywhere else give --data.`,
    '',
    'Exit code: 0 every bound is kept, 1 one is missed.',
  ].join('\n'),
  examples: [
    'tailrace plan validate --only llmservingsim',
    'tailrace plan validate --data test/fixtures/planning --only llmservingsim --json',
  ],
  options: {
    data: {
      type: 'string',
      value: 'DIR',
      description: `folder with the measurements (default ${DEFAULT_DATA})`,
    },
    only: { type: 'string', value: 'NAME', description: 'validate this set alone' },
    calibration: {
      type: 'string',
      value: 'FILE',
      description: 'file of plan calibrate: rows it lists are known, and not scored',
    },
    json: { type: 'boolean', description: 'print {pass, rows, notes} as JSON' },
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, cwd, stdout, stderr } = context;
  const data = resolve(cwd, textValue(values, 'data') ?? DEFAULT_DATA);
  const calibration = textValue(values, 'calibration');
  const result = await validate(data, {
    only: textValue(values, 'only') ?? null,
    seen: calibration === undefined ? new Set() : seenByCalibration(resolve(cwd, calibration)),
    onSet(name) {
      if (stderr.isTTY) stderr.write(`${name} ...\n`);
    },
  });
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : renderValidation(result, wantsColour(context)),
  );
  return result.pass ? EXIT.ok : EXIT.failed;
}
