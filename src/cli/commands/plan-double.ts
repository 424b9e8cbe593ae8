import { doublePlan, ratesAround, type DoublePlan } from '../../plan/search/double-plan.ts';
import { costPlot } from '../../plan/report/plan-plots.ts';
import type { Plan } from '../../plan/plan-file/plan-schema.ts';
import { createSimulationPool } from '../../plan/search/simulation-pool.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { usage } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { calibrationOption, calibrationOverrides } from '../plan-calibration.ts';
import { keepPlan } from '../keep-plan.ts';
import { optionTable, planOf, readNumbers } from '../plan-input.ts';
import { searchOptions, workloadOptions } from '../plan-options.ts';
import { reportOption, writeReport } from '../plan-report.ts';
import { planProgress } from '../plan-progress.ts';
import { rentOption, rentOverrides } from '../plan-rental.ts';
import { planRows, planWorkload } from '../plan-trace.ts';
import { renderDouble } from '../render-double.ts';
import { wantsColour } from '../wants-colour.ts';

const { objective: _objective, ...spaceOptions } = searchOptions;
const planOptions = { ...workloadOptions, ...spaceOptions };

/** `tailrace plan double`: what the next unit costs when traffic doubles. */
export const planDoubleCommand: Command = {
  name: 'plan double',
  summary: 'cost of the cheapest plan over load, and what twice the traffic costs',
  usage: 'tailrace plan double [PLAN] [options]',
  description: [
    'For each load the cheapest plan that meets every target (see plan search); the marginal cost of doubling is',
    'cost(cheapest plan for 2L) - cost(cheapest for L). It is nothing until a target breaks, then a step. Default',
    'loads: from a quarter of the rate to four times it; --rates gives others.',
    '',
    'Exit code: 0 every load has a plan, 1 one has none.',
  ].join('\n'),
  examples: [
    'tailrace plan double --model qwen3-30b-a3b --quantization fp8 --accelerator h100-sxm --tp 1 --rent h100-sxm=6.98 --ttft-p99 500 --rates 5,10,25,50',
    'tailrace plan double --model llama-3.1-8b --rate 10 --ttft-p99 500 --accelerator l40s,h100-sxm --tp 1 --requests 2000',
  ],
  options: {
    ...optionTable(planOptions),
    ...rentOption,
    ...calibrationOption,
    rates: {
      type: 'string',
      value: 'N,...',
      description: 'loads to plan for, requests a second (default: around --rate)',
    },
    ...reportOption,
    json: { type: 'boolean', description: 'print the result as JSON' },
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout } = context;
  const rates = textValue(values, 'rates');
  const given = rates === undefined ? null : checkRates(readNumbers(rates, 'rates'));
  const first = given?.[0];
  // The rate of the plan is not used where loads are given, but a plan without one is not valid.
  const fallback =
    first === undefined || textValue(values, 'rate') !== undefined
      ? []
      : [{ path: ['workload', 'requestsPerS'], value: first, from: '--rates' }];
  const plan = planOf(context, planOptions, [
    ...rentOverrides(context),
    ...calibrationOverrides(context),
    ...fallback,
  ]);
  const result = await double(context, plan, given);
  await keepPlan(context, { kind: 'double', result });
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : renderDouble(result, { colour: wantsColour(context), columns: stdout.columns }),
  );
  writeReport(context, 'Cost of doubling', () => [
    {
      heading: 'Cost over load',
      plots: [costPlot(result)],
      text: renderDouble(result, { colour: false, columns: stdout.columns }),
    },
  ]);
  return result.points.every(({ best }) => best !== null) ? EXIT.ok : EXIT.failed;
}

const MAX_RATES = 64;

function checkRates(rates: readonly number[]): readonly number[] {
  for (const rate of rates) {
    if (rate <= 0 || rate > 100_000) {
      throw usage('rates', `takes rates above 0 and up to 100000, not "${rate}"`);
    }
  }
  if (rates.length > MAX_RATES) throw usage('rates', `takes ${MAX_RATES} rates at most`);
  return rates;
}

async function double(
  context: CommandContext,
  plan: Plan,
  given: readonly number[] | null,
): Promise<DoublePlan> {
  const rows = await planRows(context, plan);
  const rates = given ?? ratesAround(planWorkload(plan, rows).ratePerS);
  const { signal } = context;
  const pool = createSimulationPool({ plan, rows }, { signal });
  const progress = planProgress(context);
  try {
    const result = await doublePlan({
      plan,
      rows,
      rates,
      signal,
      at: (ratePerS) => pool.at(ratePerS),
      onProgress: ({ done, total }) => progress.show(done, total, 'loads'),
    });
    if (!result.ok) throw result.error;
    return result.value;
  } finally {
    progress.close();
    await pool.close();
  }
}
