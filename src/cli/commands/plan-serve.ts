import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { Plan } from '../../plan/plan-file/plan-schema.ts';
import { latencyPlots } from '../../plan/report/plan-plots.ts';
import { loadCurve, type CurvePoint } from '../../plan/search/load-curve.ts';
import { planServe, type ServePlan } from '../../plan/search/serve-plan.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { calibrationOption, calibrationOverrides } from '../plan-calibration.ts';
import { keepPlan } from '../keep-plan.ts';
import { optionTable, planOf } from '../plan-input.ts';
import { reportOption, writeReport } from '../plan-report.ts';
import { deploymentOptions, workloadOptions } from '../plan-options.ts';
import { rentOption, rentOverrides } from '../plan-rental.ts';
import { planRows, planWorkload } from '../plan-trace.ts';
import { renderCurve } from '../render-curve.ts';
import { renderServePlan } from '../render-serve-plan.ts';
import { wantsColour } from '../wants-colour.ts';

const planOptions = { ...workloadOptions, ...deploymentOptions };

/** `tailrace plan serve`: what one deployment would do with a workload. */
export const planServeCommand: Command = {
  name: 'plan serve',
  summary: 'predict tails, cost, utilization and energy of one deployment',
  usage: 'tailrace plan serve [PLAN] [options]',
  description: [
    'Simulates a deployment under a workload, step by step: p50, p95 and p99 of TTFT, TPOT and E2E with their',
    'intervals, cost per request and token, utilization and why it is not higher, energy, and the rate at which it',
    'saturates. PLAN is a plan.yaml; every option stands for a value of it and wins over the file. The same plan and',
    'seed give the same output.',
    '',
    'Exit code: 0 every target and limit is met, 1 one is not.',
  ].join('\n'),
  examples: [
    'tailrace plan serve --model llama-3.1-8b --accelerator h100-sxm --rate 10 --ttft-p99 500',
    'tailrace plan serve --model qwen3-30b-a3b --quantization fp8 --accelerator h100-sxm --rate 25 --rent h100-sxm=6.98',
    'tailrace plan serve --model llama-3.1-70b --accelerator h200-sxm --tp 2 --replicas 2 --rate 4 --region FR --json',
  ],
  options: {
    ...optionTable(planOptions),
    ...rentOption,
    ...calibrationOption,
    curve: { type: 'boolean', description: 'also simulate over load, and plot the tail' },
    ...reportOption,
    json: { type: 'boolean', description: 'print the result as JSON' },
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout } = context;
  const plan = planOf(context, planOptions, [
    ...rentOverrides(context),
    ...calibrationOverrides(context),
  ]);
  const rows = await planRows(context, plan);
  const result = await planServe(plan, planWorkload(plan, rows));
  if (!result.ok) throw result.error;
  const { value } = result;
  await keepPlan(context, { kind: 'serve', result: value, traceRows: rows?.length ?? null });
  const wantsCurve = values['curve'] === true || values['report'] !== undefined;
  const curve = wantsCurve ? curveOf(plan, rows, value) : [];
  const colour = wantsColour(context);
  const { columns } = stdout;
  const text = (painted: boolean): string =>
    renderServePlan(value, { colour: painted, columns }) +
    (curve.length === 0 ? '' : renderCurve(plan, curve, columns));
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(wantsCurve ? { ...value, curve } : value, null, 2)}\n`
      : text(colour),
  );
  writeReport(context, 'Plan of a deployment', () => [
    { heading: 'Latency over load', plots: latencyPlots(plan, curve), text: text(false) },
  ]);
  return value.evaluation.violations.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Empty where the deployment does not run, so that it has no saturation to draw up to. */
function curveOf(plan: Plan, rows: readonly TraceRow[] | null, value: ServePlan): CurvePoint[] {
  if (value.saturationPerS === null) return [];
  const curve = loadCurve(plan, rows, value.evaluation.candidate, value.saturationPerS);
  if (!curve.ok) throw curve.error;
  return curve.value;
}
