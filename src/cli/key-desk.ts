import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyCreate } from '../api/schema.ts';
import { loadConfig } from '../config/load.ts';
import { nearest } from '../config/nearest.ts';
import { openKeyStore } from '../govern/identity/key-store.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext } from './command.ts';
import { openRunningInstance } from './instance.ts';
import { stateDirOf } from './state-dir.ts';

/** Where keys are made and revoked; replies have the shapes of the API's `keys` endpoints. */
export interface KeyDesk {
  list(): Promise<unknown>;
  create(ask: KeyCreate): Promise<unknown>;
  revoke(id: string): Promise<unknown>;
  close(): Promise<void>;
}

const PATH = '/api/v1/keys';

/** The running instance's keys, so that its workers learn of a change; else the store itself. */
export async function openKeyDesk(context: CommandContext): Promise<KeyDesk> {
  const instance = await openRunningInstance(context);
  if (instance === null) return offlineDesk(context);
  return {
    list: () => instance.getJson(PATH),
    create: (ask) => instance.postJson(PATH, ask),
    revoke: (id) => instance.delete(`${PATH}/${encodeURIComponent(id)}`),
    close: () => instance.close(),
  };
}

/** Keys may be made before the first start, so `create` makes the state folder; the rest does not. */
function offlineDesk(context: CommandContext): KeyDesk {
  const stateDir = stateDirOf(context);
  const { clock } = context;
  const withStore = <T>(work: (store: ReturnType<typeof openKeyStore>) => T): T => {
    const store = openKeyStore({ dir: stateDir, clock });
    try {
      return work(store);
    } finally {
      store.close();
    }
  };
  return {
    list: async () => {
      if (!existsSync(join(stateDir, 'control.db'))) return { keys: [] };
      return { keys: withStore((store) => store.list()) };
    },
    create: async (ask) => {
      warnOfUnknownServices(context, ask.services);
      return withStore((store) => store.create(ask));
    },
    revoke: async (id) => {
      const revoked = withStore((store) => store.revoke(id));
      if (revoked === null) throw new TailraceError('TR_NOT_FOUND', 'no key has this id');
      return revoked;
    },
    close: async () => {},
  };
}

/** Only a warning: the instance may be started with another file than that of the current folder. */
function warnOfUnknownServices(context: CommandContext, services: readonly string[]): void {
  const loaded = loadConfig({ path: null, env: context.env, cwd: context.cwd });
  if (!loaded.ok) return;
  const known = loaded.value.config.services.map((service) => service.name);
  for (const service of services.filter((one) => !known.includes(one))) {
    const meant = nearest(service, known);
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    const file = loaded.value.file ?? 'the built-in configuration';
    context.stderr.write(`warning: ${file} has no service "${service}"${hint}\n`);
  }
}
