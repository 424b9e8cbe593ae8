import { resolve } from 'node:path';
import { calibrate } from '../../plan/validate/calibrate.ts';
import { calibrateOnRecords, recordsOptions } from '../calibrate-on-records.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { textValue } from '../option-values.ts';
import { writeJson } from '../write-json.ts';

const DEFAULT_DATA = 'test/fixtures/planning';
const DEFAULT_OUT = 'calibration.json';

/** `tailrace plan calibrate`: fits the time models to measured runs. */
export const planCalibrate: Command = {
  name: 'plan calibrate',
  summary: 'fit the time models to measured runs and list what was used',
  usage: 'tailrace plan calibrate [options]',
  description: [
    'Fits the closed-loop model to DIR/aiconfigurator/silicon_sample.csv and takes the phase table of',
    'DIR/splitwise-sim/perf_model.csv. The file that it writes lists every row it saw;',
    '`tailrace plan validate --calibration FILE` scores only others and counts what it left out. An',
    'installed package holds no measurements: outside the repository give --data.',
    '',
    'With --records, the requests of one engine in a file of `tailrace export` are simulated again',
    'until the roofline (share of peak arithmetic and bandwidth, overhead of a step) agrees with',
    'them; the error before and after is of every third request, which is held out. The plan commands',
    'read the file as --calibration. Best is traffic in which some requests have the engine for',
    'themselves, with short and with very long prompts, before a load of many at once.',
    '',
    'Exit code: 0 written, 1 the data cannot be read or fitted.',
  ].join('\n'),
  examples: [
    'tailrace plan calibrate --out calibration.json',
    'tailrace plan calibrate --data test/fixtures/planning --json',
    'tailrace plan calibrate --records records.parquet --model llama-3.1-8b --accelerator h100-sxm --out own.json',
  ],
  options: {
    data: {
      type: 'string',
      value: 'DIR',
      description: `folder with the measurements (default ${DEFAULT_DATA})`,
    },
    out: { type: 'string', value: 'FILE', description: `file to write (default ${DEFAULT_OUT})` },
    ...recordsOptions,
    json: { type: 'boolean', description: 'print what was fitted as JSON' },
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, cwd, stdout, stderr } = context;
  if (textValue(values, 'records') !== undefined) return calibrateOnRecords(context);
  const data = resolve(cwd, textValue(values, 'data') ?? DEFAULT_DATA);
  const out = resolve(cwd, textValue(values, 'out') ?? DEFAULT_OUT);
  const file = calibrate(data, (name) => {
    if (stderr.isTTY) stderr.write(`${name} ...\n`);
  });
  writeJson(out, file);
  const sets = Object.entries(file.seen).map(([set, keys]) => ({ set, rows: keys.length }));
  const fits = Object.keys(file.closedLoop?.fits ?? {});
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify({ file: out, sets, fits }, null, 2)}\n`
      : [
          ...sets.map(({ set, rows }) => `${set}: ${rows} rows`),
          `closed-loop fits: ${fits.join(', ') || 'none'}`,
          `written to ${out}`,
          '',
        ].join('\n'),
  );
  return EXIT.ok;
}
