import { fillInPath } from '../../api/vendor-page/fill-in-path.ts';
import { MAX_LINK_DAYS, type VendorLink } from '../../govern/vendors/vendor-links.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { readInstanceRecord } from '../instance-record.ts';
import { usage, wholeOption } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { stateDirOf } from '../state-dir.ts';
import { textTable } from '../text-table.ts';
import { argument, fileOf, withVendors } from '../vendor-access.ts';

const DEFAULT_DAYS = 14;

/** `tailrace vendor link`: a signed link through which a vendor answers without an account. */
export const vendorLink: Command = {
  name: 'vendor link',
  summary: 'make a signed, expiring link through which a vendor answers without an account',
  usage: 'tailrace vendor link VENDOR --for WHO [options]',
  description: [
    'Whoever has the link can answer for the vendor until it ends, and see the answers of that vendor, nothing else.',
    'The vendor must reach this server under the address of the link: add its name to server.allowedHosts and serve it',
    'over TLS. --revoke withdraws a link at once; what was answered through it stays.',
  ].join('\n'),
  examples: [
    'tailrace vendor link acme --for ada@acme.example --days 14 --base https://tailrace.example',
    'tailrace vendor link acme --list',
    'tailrace vendor link acme --revoke 019b0000-0000-7000-8000-000000000000',
  ],
  options: {
    for: { type: 'string', value: 'WHO', description: 'whom it is for: answers carry this name' },
    days: {
      type: 'string',
      value: 'N',
      description: `days that it works (default ${DEFAULT_DAYS}, at most ${MAX_LINK_DAYS})`,
    },
    base: {
      type: 'string',
      value: 'URL',
      description: 'address of this server as the vendor sees it',
    },
    list: { type: 'boolean', description: 'show the links of the vendor' },
    revoke: { type: 'string', value: 'ID', description: 'withdraw a link' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  positionalsMax: 1,
  async run(context) {
    const { values } = context;
    const id = argument(context, 0, 'VENDOR', 'vendor link');
    const revoke = textValue(values, 'revoke');
    await withVendors(context, async (store) => {
      await fileOf(store, id);
      if (revoke !== undefined) {
        const known = (await store.links.list(id)).some((one) => one.id === revoke);
        const gone = known ? await store.links.revoke(revoke) : null;
        if (gone === null) throw noLink(revoke);
        return print(context, { link: gone }, `withdrawn: ${gone.id}\n`);
      }
      if (values['list'] === true) {
        const links = await store.links.list(id);
        return print(context, { links }, linkTable(links));
      }
      const recipient = textValue(values, 'for');
      if (recipient === undefined) throw usage('for', 'is needed: whom is the link for?');
      const days = wholeOption(values, 'days', DEFAULT_DAYS, MAX_LINK_DAYS);
      const { token, ...link } = await store.links.create(id, recipient, days);
      const url = `${baseOf(context)}${fillInPath(token)}`;
      print(context, { link, url }, `${url}\n`);
    });
    return EXIT.ok;
  },
};

const noLink = (id: string): TailraceError =>
  new TailraceError('TR_NOT_FOUND', `no link has the id "${id.slice(0, 64)}"`, { field: 'revoke' });

function print({ values, stdout }: CommandContext, body: object, text: string): void {
  stdout.write(values['json'] === true ? `${JSON.stringify(body, null, 2)}\n` : text);
}

/** As told, else where the running instance is; a path alone when none runs. */
function baseOf(context: CommandContext): string {
  const base = textValue(context.values, 'base');
  if (base === undefined) return readInstanceRecord(stateDirOf(context)).record?.url ?? '';
  if (!URL.canParse(base) || !/^https?:/.test(base)) {
    throw usage('base', `is an address such as https://tailrace.example, not "${base}"`);
  }
  return base.replace(/\/+$/, '');
}

const day = (ms: number | null): string =>
  ms === null ? '-' : new Date(ms).toISOString().slice(0, 10);

const linkTable = (links: readonly VendorLink[]): string =>
  textTable(
    ['id', 'for', 'made', 'ends', 'withdrawn', 'last used'],
    links.map((one) => [
      one.id,
      one.recipient,
      day(one.createdAtMs),
      day(one.expiresAtMs),
      day(one.revokedAtMs),
      day(one.usedAtMs),
    ]),
  );
