import { existsSync } from 'node:fs';
import { planEntry } from '../api/plan-entry.ts';
import { openLogbook } from '../govern/logbook/logbook.ts';
import type { DonePlan } from '../plan/jobs/plan-jobs.ts';
import type { CommandContext } from './command.ts';
import { stateDirOf } from './state-dir.ts';

/** Keeps that a plan was made where there is a state folder, so that the scorecard knows; makes none. */
export async function keepPlan(
  context: CommandContext,
  plan: Omit<DonePlan, 'atMs'>,
): Promise<void> {
  const dir = stateDirOf(context);
  if (!existsSync(dir)) return;
  await openLogbook(dir).add(planEntry({ ...plan, atMs: context.clock.wallMs() }));
}
