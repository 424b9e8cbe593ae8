import { z } from 'zod';
import { CSV_LIMITS, importAnswers } from '../../govern/vendors/answers-csv.ts';
import { vendorExport, type VendorExport } from '../../govern/vendors/vendor-export.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { usage } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { argument, textOfFile, withVendors } from '../vendor-access.ts';

const JSON_BYTES = 67_108_864;

/** `tailrace vendor import`: answers from CSV, or whole vendors from JSON. */
export const vendorImport: Command = {
  name: 'vendor import',
  summary: 'take in a filled-in questionnaire (CSV) or exported vendors (JSON)',
  usage: 'tailrace vendor import FILE [--vendor ID] [options]',
  description: [
    'A CSV holds the answers of one vendor, named by --vendor; a vendor that is not known yet is made. JSON, as',
    '`tailrace vendor export --json` writes it, brings whole vendors with their history. All of a file is taken or',
    'nothing; repeats of what stands already are left out.',
  ].join('\n'),
  examples: [
    'tailrace vendor import acme.csv --vendor acme --name "Acme Cloud" --by ada@acme.example',
    'tailrace vendor import team.csv --vendor platform-team --team',
    'tailrace vendor import vendors.json',
  ],
  options: {
    vendor: { type: 'string', value: 'ID', description: 'CSV: whose answers these are' },
    name: {
      type: 'string',
      value: 'NAME',
      description: 'CSV: name of a new vendor (default: its id)',
    },
    by: { type: 'string', value: 'WHO', description: 'CSV: who answered (default: the file name)' },
    team: { type: 'boolean', description: 'CSV: a team of your own' },
    critical: { type: 'boolean', description: 'CSV: counts in the scorecard as a critical vendor' },
    json: { type: 'boolean', description: 'print what was added as JSON' },
  },
  positionalsMax: 1,
  async run(context) {
    const file = argument(context, 0, 'FILE', 'vendor import');
    const added = file.toLowerCase().endsWith('.json')
      ? await importJson(context, file)
      : await importCsv(context, file);
    context.stdout.write(
      context.values['json'] === true
        ? `${JSON.stringify({ added })}\n`
        : `${added} new ${added === 1 ? 'entry' : 'entries'}\n`,
    );
    return EXIT.ok;
  },
};

async function importCsv(context: CommandContext, file: string): Promise<number> {
  const { values } = context;
  const id = textValue(values, 'vendor');
  if (id === undefined) throw usage('vendor', 'is needed with CSV: whose answers are these?');
  const answers = importAnswers(textOfFile(context, file, CSV_LIMITS.bytes));
  if (!answers.ok) throw answers.error;
  return withVendors(context, async (store) => {
    const known = (await store.file(id))?.vendor ?? null;
    await store.put({
      id,
      name: textValue(values, 'name') ?? known?.name ?? id,
      kind: values['team'] === true ? 'team' : (known?.kind ?? 'vendor'),
      critical: values['critical'] === true || (known?.critical ?? false),
    });
    const answeredBy = textValue(values, 'by') ?? `file ${file.slice(-100)}`;
    return (await store.addAnswers(id, answers.value, { answeredBy, via: 'import' })).length;
  });
}

async function importJson(context: CommandContext, file: string): Promise<number> {
  const read = readExport(textOfFile(context, file, JSON_BYTES));
  return withVendors(context, async (store) => {
    let added = 0;
    for (const one of read.vendors) added += (await store.restore(one)).added;
    return added;
  });
}

function readExport(text: string): VendorExport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TailraceError('TR_VENDOR_INVALID', 'the file is not valid JSON', { cause });
  }
  const parsed = vendorExport.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue: z.core.$ZodIssue | undefined = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new TailraceError('TR_VENDOR_INVALID', `${field}: ${issue?.message ?? 'is not valid'}`, {
    field,
  });
}
