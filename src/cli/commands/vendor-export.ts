import { exportAnswers } from '../../govern/vendors/answers-csv.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command } from '../command.ts';
import { filesOf, withVendors } from '../vendor-access.ts';

/** `tailrace vendor export`: one questionnaire as CSV, or vendors with their history as JSON. */
export const vendorExportCommand: Command = {
  name: 'vendor export',
  summary: 'write the answers of a vendor as CSV, or vendors with their history as JSON',
  usage: 'tailrace vendor export [VENDOR...] [--json]',
  description: [
    'CSV has one row a question with the answer that stands; it can be filled in further and imported again. Cells that',
    'a spreadsheet would run as a formula stand behind an apostrophe, which the import takes off.',
  ].join('\n'),
  examples: [
    'tailrace vendor export acme > acme.csv',
    'tailrace vendor export --json > vendors.json',
  ],
  options: { json: { type: 'boolean', description: 'all history of all vendors named, as JSON' } },
  positionalsMax: 200,
  async run(context) {
    const { positionals, values, stdout } = context;
    const files = await withVendors(context, (store) => filesOf(store, positionals));
    if (values['json'] === true) {
      stdout.write(`${JSON.stringify({ version: 1, vendors: files }, null, 2)}\n`);
      return EXIT.ok;
    }
    const [file, second] = files;
    if (file === undefined || second !== undefined) {
      throw noVendor('CSV holds one vendor: name it, or give --json');
    }
    stdout.write(exportAnswers(file.answers, file.vendor.kind));
    return EXIT.ok;
  },
};

const noVendor = (message: string): TailraceError =>
  new TailraceError('TR_USAGE', message, { field: 'VENDOR' });
