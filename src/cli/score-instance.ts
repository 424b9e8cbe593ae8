import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openGovernance } from '../api/open-governance.ts';
import { loadConfig } from '../config/load.ts';
import { openKeyStore } from '../govern/identity/key-store.ts';
import { openLedgerReadOnly } from '../measure/ledger/open-read-only.ts';
import { openTelemetryReadOnly } from '../measure/telemetry/telemetry.ts';
import { createPlannedAnswers } from '../plan/marginal/planned-answers.ts';
import type { CommandContext } from './command.ts';
import { emptyLedger } from './empty-ledger.ts';
import { openRunningInstance, type Instance } from './instance.ts';
import { offlineInstance } from './offline-instance.ts';
import { stateDirOf } from './state-dir.ts';

/**
 * The running instance, else the state folder, else nothing at all: a score can be asked for before anything was ever
 * started. With `keeps` the state folder is made where it is missing, since an interview is to last.
 */
export async function openScoreInstance(
  context: CommandContext,
  keeps: boolean,
): Promise<Instance> {
  const running = await openRunningInstance(context);
  if (running !== null) return running;
  const named = context.values['config'];
  const path = typeof named === 'string' ? named : null;
  const loaded = loadConfig({ path, env: context.env, cwd: context.cwd });
  if (!loaded.ok) throw loaded.error;
  const { config } = loaded.value;
  const { clock } = context;
  const dir = stateDirOf(context);
  const hasLedger = existsSync(join(dir, 'catalogue.db'));
  const ledger = hasLedger
    ? await openLedgerReadOnly({ dir, config: config.ledger, clock })
    : emptyLedger();
  const retention = { ...config.telemetry, hoursDays: config.ledger.retention.hoursDays };
  const telemetry = openTelemetryReadOnly({ dir, clock, retention });
  const known = telemetry.ok ? telemetry.value : null;
  const governance = await openGovernance({
    stateDir: keeps || existsSync(dir) ? dir : null,
    ledger,
    config: () => config,
    clock,
    computeAnswers: createPlannedAnswers(),
    keys: keysOf(dir, context),
    ...(known === null ? {} : { telemetry: known }),
  });
  return offlineInstance(context, loaded.value, ledger, known, governance);
}

/** Keys of the folder as they are now; none where none were made. */
function keysOf(
  dir: string,
  { clock }: CommandContext,
): Parameters<typeof openGovernance>[0]['keys'] {
  if (!existsSync(join(dir, 'control.db'))) return { list: () => [] };
  const store = openKeyStore({ dir, clock });
  const list = store.list();
  store.close();
  return { list: () => list };
}
