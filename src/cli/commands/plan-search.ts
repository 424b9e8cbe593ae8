import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { kubernetesManifest } from '../../plan/emit/kubernetes-manifest.ts';
import { tailraceFragment } from '../../plan/emit/tailrace-fragment.ts';
import { vllmArguments } from '../../plan/emit/vllm-arguments.ts';
import type { Plan } from '../../plan/plan-file/plan-schema.ts';
import { frontPlot } from '../../plan/report/plan-plots.ts';
import type { Evaluation } from '../../plan/search/evaluation.ts';
import { searchPlans } from '../../plan/search/search-plans.ts';
import { searchReport, type SearchReport } from '../../plan/search/search-report.ts';
import { createSimulationPool } from '../../plan/search/simulation-pool.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { textValue } from '../option-values.ts';
import { calibrationOption, calibrationOverrides } from '../plan-calibration.ts';
import { keepPlan } from '../keep-plan.ts';
import { optionTable, planOf } from '../plan-input.ts';
import { searchOptions, workloadOptions } from '../plan-options.ts';
import { reportOption, writeReport } from '../plan-report.ts';
import { planProgress } from '../plan-progress.ts';
import { rentOption, rentOverrides } from '../plan-rental.ts';
import { planRows, planWorkload } from '../plan-trace.ts';
import { renderSearch } from '../render-search.ts';
import { wantsColour } from '../wants-colour.ts';

const planOptions = { ...workloadOptions, ...searchOptions };

/** `tailrace plan search`: the cheapest way to serve a workload within its targets. */
export const planSearchCommand: Command = {
  name: 'plan search',
  summary: 'find the cheapest plan that meets percentile targets and power limits',
  usage: 'tailrace plan search [PLAN] [options]',
  description: [
    'Looks at every combination of accelerator, quantization, tensor parallelism, engine settings and replicas: discards',
    'by bounds what cannot win (memory, load, best-case latency, power, price) and simulates the rest on the same',
    'arrivals for as long as it may still meet the targets. The result equals that of simulating everything. Targets',
    'are hard. Prints the best plan, runner-ups on other hardware, the Pareto front of cost, energy and tail, what binds',
    'and the next best change. Runs over all cores; Ctrl-C cancels.',
    '',
    'Exit code: 0 a plan was found, 1 none meets every target.',
  ].join('\n'),
  examples: [
    'tailrace plan search --model llama-3.1-8b --rate 20 --ttft-p99 500 --accelerator l40s,h100-sxm --tp 1,2',
    'tailrace plan search --model qwen3-30b-a3b --rate 50 --ttft-p99 500 --accelerator h100-sxm --quantization fp8 --tp 1 --emit plan-files',
    'tailrace plan search --model llama-3.1-8b --rate 5 --tpot-p99 40 --accelerator l4,l40s --objective energy --tp 1 --json',
  ],
  options: {
    ...optionTable(planOptions),
    ...rentOption,
    ...calibrationOption,
    emit: {
      type: 'string',
      value: 'FOLDER',
      description: 'write vLLM arguments, Kubernetes manifest and tailrace.yaml of the best plan',
    },
    ...reportOption,
    json: { type: 'boolean', description: 'print the result as JSON' },
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, stderr } = context;
  const plan = planOf(context, planOptions, [
    ...rentOverrides(context),
    ...calibrationOverrides(context),
  ]);
  const report = await search(context, plan);
  await keepPlan(context, { kind: 'search', result: report });
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderSearch(report, { colour: wantsColour(context), columns: stdout.columns }),
  );
  writeReport(context, 'Search over plans', () => [
    {
      heading: 'Front of cost, energy and tail',
      plots: [frontPlot(report.front)],
      text: renderSearch(report, { colour: false, columns: stdout.columns }),
    },
  ]);
  const folder = textValue(values, 'emit');
  if (folder !== undefined && report.best !== null) {
    const path = resolve(context.cwd, folder);
    emitFiles(path, plan, report.best);
    stderr.write(`wrote ${join(folder, '{vllm.txt,kubernetes.yaml,tailrace.yaml}')}\n`);
  }
  return report.best === null ? EXIT.failed : EXIT.ok;
}

async function search(context: CommandContext, plan: Plan): Promise<SearchReport> {
  const rows = await planRows(context, plan);
  const workload = planWorkload(plan, rows);
  const { signal } = context;
  const pool = createSimulationPool({ plan, rows }, { signal });
  const progress = planProgress(context);
  try {
    const evaluate = pool.at(null);
    const outcome = await searchPlans({
      plan,
      workload,
      evaluate,
      signal,
      onProgress: ({ settled, total }) => progress.show(settled, total, 'plans settled'),
    });
    return await searchReport(plan, outcome, evaluate);
  } finally {
    progress.close();
    await pool.close();
  }
}

function emitFiles(
  folder: string,
  plan: Plan,
  { candidate, usdPerHour, accelerators }: Evaluation,
): void {
  const model = plan.workload?.model ?? '';
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('vllm.txt', `vllm serve ${vllmArguments(candidate, model).join(' ')}\n`);
  write('kubernetes.yaml', kubernetesManifest(candidate, model));
  write('tailrace.yaml', tailraceFragment(plan, candidate, model, usdPerHour / accelerators));
}
