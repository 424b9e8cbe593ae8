import { parse } from 'yaml';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command } from '../command.ts';
import { argument, fileOf, textOfFile, withVendors } from '../vendor-access.ts';

const MAX_BYTES = 65_536;

/** `tailrace vendor quote`: keeps what a vendor offers. */
export const vendorQuote: Command = {
  name: 'vendor quote',
  summary: 'keep a quote: price, accelerators, kW and lead time',
  usage: 'tailrace vendor quote VENDOR QUOTE',
  description: [
    'QUOTE is YAML or JSON: name, accelerator (id of the catalog), accelerators, price (basis rent with',
    'usdPerAcceleratorHour, or own with usdPerAccelerator), leadWeeks {low, high}, and as told site (ours or vendor),',
    'totalKw, kwPerRack, cooling, validUntil. The last quote of a vendor counts in `tailrace vendor quotes`.',
  ].join('\n'),
  examples: ['tailrace vendor quote acme acme-h100.yaml'],
  options: { json: { type: 'boolean', description: 'print the quote as JSON' } },
  positionalsMax: 2,
  async run(context) {
    const id = argument(context, 0, 'VENDOR', 'vendor quote');
    const file = argument(context, 1, 'QUOTE', 'vendor quote');
    const text = textOfFile(context, file, MAX_BYTES);
    let value: unknown;
    try {
      value = parse(text, { maxAliasCount: 0 });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'unknown reason';
      throw new TailraceError('TR_VENDOR_INVALID', `${file}: ${reason}`, { cause });
    }
    const quote = await withVendors(context, async (store) => {
      await fileOf(store, id);
      return store.addQuote(id, value);
    });
    context.stdout.write(
      context.values['json'] === true
        ? `${JSON.stringify(quote, null, 2)}\n`
        : `${id}: ${quote.name}, ${quote.accelerators} x ${quote.accelerator}\n`,
    );
    return EXIT.ok;
  },
};
