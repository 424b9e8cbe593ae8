import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { TailraceError } from '../../records/errors.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { parseWindow } from '../time-window.ts';
import { windowOptions } from '../window-options.ts';
import { openInstance } from '../instance.ts';
import { textValue } from '../option-values.ts';

/** `tailrace export`: raw records of a window as one Parquet file. */
export const exportRecords: Command = {
  name: 'export',
  summary: 'write the request records of a window as a Parquet file',
  usage: 'tailrace export --out FILE [options]',
  description: [
    'One row per settled request. The file appears only when it is whole and is readable by its',
    'owner only: records name tenants, and hold prompts where a service stores them.',
  ].join('\n'),
  examples: [
    'tailrace export --since 24h --out records.parquet',
    'tailrace export --since 2026-01-01 --until 2026-02-01 --out january.parquet',
  ],
  options: {
    out: { type: 'string', short: 'o', value: 'FILE', description: 'file to write' },
    ...windowOptions('24h'),
    force: { type: 'boolean', short: 'f', description: 'overwrite FILE' },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
    json: { type: 'boolean', description: 'print file, rows and bytes as JSON' },
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, clock } = context;
  const file = outFile(context);
  const since = textValue(values, 'since') ?? '24h';
  const window = parseWindow({ since, until: textValue(values, 'until') }, clock.wallMs());
  if (!window.ok) throw window.error;
  const { fromMs, toMs } = window.value;
  const instance = await openInstance(context);
  try {
    const path = `/api/v1/export?fromMs=${fromMs}&toMs=${toMs}`;
    const { rows, bytes } = await instance.download(path, file);
    const text =
      values['json'] === true
        ? JSON.stringify({ file, rows, bytes, fromMs, toMs })
        : `${rows ?? 'unknown number of'} records, ${bytes} bytes: ${file}`;
    stdout.write(`${text}\n`);
    return EXIT.ok;
  } finally {
    await instance.close();
  }
}

function outFile({ values, cwd }: CommandContext): string {
  const out = textValue(values, 'out');
  if (out === undefined || out === '') {
    const message = 'export needs --out FILE; see tailrace help export';
    throw new TailraceError('TR_USAGE', message, { field: 'out' });
  }
  const file = resolve(cwd, out);
  if (existsSync(file) && values['force'] !== true) {
    throw new TailraceError('TR_USAGE', `${file} exists; overwrite it with --force`, {
      field: 'out',
    });
  }
  return file;
}
