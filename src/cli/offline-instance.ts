import { createControlApp } from '../api/control-app.ts';
import type { ControlDeps, KeyStore } from '../api/deps.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Governance } from '../govern/governance.ts';
import type { Logbook } from '../govern/logbook/logbook.ts';
import { hashKey, newKey } from '../govern/identity/key-store.ts';
import type { LedgerReader } from '../measure/ledger/ledger.ts';
import type { TelemetryReader } from '../measure/telemetry/telemetry.ts';
import { createPlannedAnswers } from '../plan/marginal/planned-answers.ts';
import { TailraceError } from '../records/errors.ts';
import { createLog } from '../serve/log.ts';
import type { CommandContext } from './command.ts';
import { type Instance, instanceOver } from './instance.ts';
import { stateDirOf } from './state-dir.ts';
import { version } from './version.ts';

/** The control API in this process, over a ledger, telemetry and evidence that it closes; nothing listens. */
export function offlineInstance(
  context: CommandContext,
  loaded: LoadedConfig,
  ledger: LedgerReader,
  telemetry: (TelemetryReader & { close(): void }) | null = null,
  governance: (Governance & { logbook?: Logbook }) | null = null,
): Instance {
  const { clock, stderr } = context;
  const adminKey = newKey();
  const write = (line: string): void => stderr.write(line);
  const app = createControlApp({
    ...nobody(adminKey),
    ledger,
    ...(telemetry === null
      ? {}
      : {
          resources: (query) => telemetry.resources(query),
          clusterSpells: (query) => telemetry.clusterSpells(query),
        }),
    ...(governance === null ? {} : { governance }),
    ...(governance?.logbook === undefined ? {} : { logbook: governance.logbook }),
    config: () => loaded.config,
    secretPaths: () => loaded.secretPaths,
    clock,
    version,
    computeAnswers: createPlannedAnswers(),
    log: createLog({ level: 'error', process: 'cli', clock, write }),
  });
  const send = async (request: Request): Promise<Response> => {
    request.headers.set('host', 'localhost');
    return app.fetch(request);
  };
  const access = { base: 'http://localhost', adminKey, send, signal: context.signal };
  const about = { mode: 'offline', stateDir: stateDirOf(context), record: null } as const;
  return instanceOver(access, about, async () => {
    await governance?.close();
    telemetry?.close();
    await ledger.close();
  });
}

/** The parts of an instance that are not there: workers, a console, and keys but one's own. */
function nobody(
  adminKey: string,
): Pick<ControlDeps, 'keys' | 'adminKeys' | 'consoleDir' | 'onKeysChanged'> {
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
    consoleDir: null,
    onKeysChanged: () => {},
  };
}
