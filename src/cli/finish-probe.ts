import { thisMachine } from '../measure/probes/evidence/machine.ts';
import type { ProbeResult } from '../measure/probes/evidence/probe-result.ts';
import { recordRun, type Recorded } from '../measure/probes/evidence/record-run.ts';
import { resultsPath } from '../measure/probes/evidence/result-store.ts';
import { EXIT, type CommandContext } from './command.ts';
import { renderComparison } from './render-probe.ts';
import { stateDirOf } from './state-dir.ts';

/** What a probe hands over when it is done. */
export interface FinishedProbe {
  kind: ProbeResult['kind'];
  atMs: number;
  settings: ProbeResult['settings'];
  metrics: ProbeResult['metrics'];
  report: ProbeResult['report'];
  /** The page for people. */
  text: string;
}

/** Keeps the result unless told not to, prints it, and answers the exit code: 3 for a regression. */
export async function finishProbe(context: CommandContext, probe: FinishedProbe): Promise<number> {
  const { text, ...run } = probe;
  const machine = thisMachine();
  const recorded: Recorded | null =
    context.values['skip-record'] === true
      ? null
      : await recordRun(resultsPath(stateDirOf(context)), { ...run, machine });
  if (context.values['json'] === true) {
    const { kind, atMs, settings, report } = run;
    const body = { kind, atMs, machine, settings, report, comparison: recorded };
    context.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  } else {
    context.stdout.write(recorded === null ? text : `${text}\n${renderComparison(recorded)}`);
  }
  const isWorse = recorded?.comparisons.some((one) => one.verdict === 'regression') === true;
  return isWorse ? REGRESSION : EXIT.ok;
}

/** As `ask` exits for a red flag. */
const REGRESSION = 3;
