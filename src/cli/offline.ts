import { loadConfig } from '../config/load.ts';
import { openLedgerReadOnly } from '../measure/ledger/open-read-only.ts';
import { openTelemetryReadOnly } from '../measure/telemetry/telemetry.ts';
import type { CommandContext } from './command.ts';
import type { Instance } from './instance.ts';
import { offlineInstance } from './offline-instance.ts';
import { stateDirOf } from './state-dir.ts';

/**
 * Reads the state folder without an instance. The configuration is that of `--config`, if the
 * command has it, or of the current folder.
 */
export async function openOffline(context: CommandContext): Promise<Instance> {
  const named = context.values['config'];
  const path = typeof named === 'string' ? named : null;
  const loaded = loadConfig({ path, env: context.env, cwd: context.cwd });
  if (!loaded.ok) throw loaded.error;
  const { ledger: config } = loaded.value.config;
  const { clock } = context;
  const dir = stateDirOf(context);
  const ledger = await openLedgerReadOnly({ dir, config, clock });
  const { hoursDays } = config.retention;
  const retention = { ...loaded.value.config.telemetry, hoursDays };
  const telemetry = openTelemetryReadOnly({ dir, clock, retention });
  return offlineInstance(context, loaded.value, ledger, telemetry.ok ? telemetry.value : null);
}
