import { z } from 'zod';
import { keyCreated, keyList, keyView, type KeyCreate, type KeyView } from '../../api/schema.ts';
import { hashKey } from '../../govern/identity/key-store.ts';
import { nearest } from '../../config/nearest.ts';
import { TailraceError } from '../../records/errors.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { type KeyDesk, openKeyDesk } from '../key-desk.ts';
import { textValue, textValues } from '../option-values.ts';
import { textTable } from '../text-table.ts';

/** `tailrace keys`: who may use what. */
export const keys: Command = {
  name: 'keys',
  summary: 'create, list and revoke API keys',
  usage: 'tailrace keys create NAME | list | revoke ID-or-NAME [options]',
  description: [
    'create NAME  makes a key and prints it once; only its hash is kept. The hash is printed too,',
    '             for the `keys` list of tailrace.yaml.',
    'list         shows the keys of the store and, from a running instance, of tailrace.yaml.',
    'revoke KEY   revokes a key by its id or its name; it stops working at once.',
    '',
    'Asks the running instance; when none runs, changes the key store in the state folder.',
  ].join('\n'),
  examples: [
    'tailrace keys create my-app --service chat --tenant acme',
    'tailrace keys create ops --admin',
    'tailrace keys list --json',
    'tailrace keys revoke my-app',
  ],
  options: {
    service: {
      type: 'string',
      short: 's',
      multiple: true,
      value: 'NAME',
      description: 'create: a service the key may use; repeatable (default: all)',
    },
    tenant: { type: 'string', value: 'NAME', description: 'create: tenant its requests belong to' },
    admin: { type: 'boolean', description: 'create: may use the control API and the console' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  positionalsMax: 2,
  async run(context) {
    const [verb, subject] = context.positionals;
    const act = verb !== undefined && Object.hasOwn(actions, verb) ? actions[verb] : undefined;
    if (verb === undefined || act === undefined) throw unknownVerb(verb);
    checkUsage(context, verb, subject);
    const desk = await openKeyDesk(context);
    try {
      await act(desk, context, subject ?? '');
      return EXIT.ok;
    } finally {
      await desk.close();
    }
  },
};

type Action = (desk: KeyDesk, context: CommandContext, subject: string) => Promise<void>;

const actions: Readonly<Record<string, Action>> = {
  create: async (desk, context, name) => {
    const ask: KeyCreate = {
      name,
      services: textValues(context.values, 'service'),
      admin: context.values['admin'] === true,
    };
    const tenant = textValue(context.values, 'tenant');
    const made = keyCreated.parse(
      await desk.create(tenant === undefined ? ask : { ...ask, tenant }),
    );
    const hash = `sha256:${hashKey(made.key)}`;
    if (context.values['json'] === true) return printJson(context, { ...made, hash });
    context.stdout.write(`${made.key}\n`);
    context.stderr.write(
      `This is the only time that the key is shown. id: ${made.id}\n` +
        `hash (for \`keys\` in tailrace.yaml): ${hash}\n`,
    );
  },
  list: async (desk, context) => {
    const { keys: all } = keyList.parse(await desk.list());
    if (context.values['json'] === true) return printJson(context, { keys: all });
    if (all.length === 0) context.stdout.write('no keys; make one: tailrace keys create NAME\n');
    else context.stdout.write(textTable(HEADER, all.map(toRow)));
  },
  revoke: async (desk, context, subject) => {
    const { keys: all } = keyList.parse(await desk.list());
    const revoked = keyView.parse(await desk.revoke(findKey(all, subject).id));
    if (context.values['json'] === true) return printJson(context, revoked);
    context.stdout.write(`revoked ${revoked.name} (${revoked.id})\n`);
  },
};

const VERBS = Object.keys(actions);

function unknownVerb(verb: string | undefined): TailraceError {
  const meant = verb === undefined ? null : nearest(verb, VERBS);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const what = verb === undefined ? 'keys needs an action' : `keys has no action "${verb}"${hint}`;
  return new TailraceError('TR_USAGE', `${what}: create, list or revoke; see tailrace help keys`);
}

function checkUsage({ values }: CommandContext, verb: string, subject: string | undefined): void {
  const refuse = (message: string): never => {
    throw new TailraceError('TR_USAGE', `${message}; see tailrace help keys`);
  };
  if (verb === 'list' && subject !== undefined) refuse('keys list takes no name');
  if (verb === 'create' && subject === undefined) refuse('keys create needs a NAME');
  if (verb === 'revoke' && subject === undefined) refuse('keys revoke needs an ID or a NAME');
  for (const name of ['service', 'tenant', 'admin']) {
    if (verb !== 'create' && values[name] !== undefined) refuse(`--${name} goes with keys create`);
  }
}

/** By id, or by name among the keys that still work. */
function findKey(all: readonly KeyView[], subject: string): KeyView {
  const active = all.filter((key) => key.revokedAtMs === null);
  const found = all.find((key) => key.id === subject) ?? active.find((key) => key.name === subject);
  if (found !== undefined) return found;
  const meant = nearest(
    subject,
    active.map((key) => key.name),
  );
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  throw new TailraceError('TR_NOT_FOUND', `no active key has the id or name "${subject}"${hint}`);
}

const HEADER = ['id', 'name', 'services', 'tenant', 'role', 'source', 'created', 'revoked'];

function toRow(key: KeyView): string[] {
  return [
    key.id,
    key.name,
    servicesOf(key),
    key.tenant ?? '-',
    roleOf(key),
    key.source,
    formatTime(key.createdAtMs),
    formatTime(key.revokedAtMs),
  ];
}

const roleOf = (key: KeyView): string => (key.ingest ? 'ingest' : key.admin ? 'admin' : 'service');

/** A key that only pushes telemetry opens no service at all. */
function servicesOf(key: KeyView): string {
  if (key.ingest) return 'none';
  return key.services.length === 0 ? 'all' : key.services.join(',');
}

const formatTime = (ms: number | null): string =>
  ms === null ? '-' : `${new Date(ms).toISOString().slice(0, 19)}Z`;

function printJson({ stdout }: CommandContext, value: unknown): void {
  stdout.write(`${JSON.stringify(z.json().parse(value), null, 2)}\n`);
}
