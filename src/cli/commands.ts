import type { Command } from './command.ts';
import { analyze } from './commands/analyze.ts';
import { ask } from './commands/ask.ts';
import { check } from './commands/check.ts';
import { clusterCheck } from './commands/cluster-check.ts';
import { clusterReplay } from './commands/cluster-replay.ts';
import { exportRecords } from './commands/export.ts';
import { keys } from './commands/keys.ts';
import { load } from './commands/load.ts';
import { planCalibrate } from './commands/plan-calibrate.ts';
import { planDoubleCommand } from './commands/plan-double.ts';
import { planFacilityCommand } from './commands/plan-facility.ts';
import { planSearchCommand } from './commands/plan-search.ts';
import { planServeCommand } from './commands/plan-serve.ts';
import { planTrain } from './commands/plan-train.ts';
import { probeHostCommand } from './commands/probe-host.ts';
import { probeMemoryCommand } from './commands/probe-memory.ts';
import { probeNetworkCommand } from './commands/probe-network.ts';
import { probeStorageCommand } from './commands/probe-storage.ts';
import { planValidate } from './commands/plan-validate.ts';
import { replay } from './commands/replay.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  up,
  ask,
  analyze,
  status,
  check,
  keys,
  replay,
  load,
  clusterReplay,
  clusterCheck,
  exportRecords,
  probeStorageCommand,
  probeNetworkCommand,
  probeMemoryCommand,
  probeHostCommand,
  planServeCommand,
  planSearchCommand,
  planDoubleCommand,
  planFacilityCommand,
  planCalibrate,
  planTrain,
  planValidate,
];
