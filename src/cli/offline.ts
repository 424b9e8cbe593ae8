import { createControlApp } from '../api/control-app.ts';
import type { ControlDeps, KeyStore } from '../api/deps.ts';
import { loadConfig } from '../config/load.ts';
import { hashKey, newKey } from '../govern/identity/key-store.ts';
import { computeAnswers } from '../measure/answers/compute-answers.ts';
import { openLedgerReadOnly } from '../measure/ledger/open-ledger.ts';
import { TailraceError } from '../records/errors.ts';
import { createLog } from '../serve/log.ts';
import type { CommandContext } from './command.ts';
import { type Instance, instanceOver } from './instance.ts';
import { stateDirOf } from './state-dir.ts';
import { version } from './version.ts';

/**
 * The control API in this process, over the ledger of the state folder, opened read-only. The
 * configuration is that of `--config`, if the command has it, or of the current folder.
 */
export async function openOffline(context: CommandContext): Promise<Instance> {
  const stateDir = stateDirOf(context);
  const named = context.values['config'];
  const path = typeof named === 'string' ? named : null;
  const loaded = loadConfig({ path, env: context.env, cwd: context.cwd });
  if (!loaded.ok) throw loaded.error;
  const { config, secretPaths } = loaded.value;
  const { clock } = context;
  const ledger = await openLedgerReadOnly({ dir: stateDir, config: config.ledger, clock });
  const adminKey = newKey();
  const write = (line: string): void => context.stderr.write(line);
  const app = createControlApp({
    ...nobody(adminKey),
    ledger,
    config: () => config,
    secretPaths: () => secretPaths,
    clock,
    version,
    computeAnswers,
    log: createLog({ level: 'error', process: 'cli', clock, write }),
  });
  const send = async (request: Request): Promise<Response> => {
    request.headers.set('host', 'localhost');
    return app.fetch(request);
  };
  const access = { base: 'http://localhost', adminKey, send, signal: context.signal };
  return instanceOver(access, { mode: 'offline', stateDir, record: null }, () => ledger.close());
}

/** The parts of an instance that are not there: workers, a console, and keys but one's own. */
function nobody(
  adminKey: string,
): Pick<ControlDeps, 'keys' | 'adminKeys' | 'workerStats' | 'consoleDir' | 'onKeysChanged'> {
  const own = {
    id: 'cli',
    name: 'cli',
    sha256: hashKey(adminKey),
    services: [],
    tenant: null,
    admin: true,
  };
  const refuse = (): never => {
    throw new TailraceError('TR_STATE_MISSING', 'no instance runs to change keys');
  };
  const keys: KeyStore = { list: () => [], create: refuse, revoke: refuse, snapshot: () => [] };
  return {
    keys,
    adminKeys: () => [own],
    workerStats: async () => [],
    consoleDir: null,
    onKeysChanged: () => {},
  };
}
