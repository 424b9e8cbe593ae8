import { isoDate } from '../../plan/facility/calendar.ts';
import { compareQuotes } from '../../plan/quotes/compare-quotes.ts';
import type { QuoteComparison, VendorOffer } from '../../plan/quotes/quote-comparison.ts';
import { createSimulationPool } from '../../plan/search/simulation-pool.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { textValue } from '../option-values.ts';
import { optionTable, planOf } from '../plan-input.ts';
import { workloadOptions } from '../plan-options.ts';
import { planProgress } from '../plan-progress.ts';
import { planRows, planWorkload } from '../plan-trace.ts';
import { renderQuotes } from '../render-vendors.ts';
import { argument, filesOf, withVendors } from '../vendor-access.ts';

/** `tailrace vendor quotes`: quotes at the same traffic and targets. */
export const vendorQuotes: Command = {
  name: 'vendor quotes',
  summary: 'compare quotes at the same traffic and targets: cost a million tokens, power fit, date',
  usage: 'tailrace vendor quotes PLAN [VENDOR...] [options]',
  description: [
    'PLAN is a plan.yaml with workload, slo, limits and facility. For the last quote of each vendor the planner finds',
    'the least fleet that meets the targets; then come what a million tokens cost with all that is quoted paid,',
    'whether the site powers it, when it is ready, and the first year with idle machines and the bridge until then.',
    '',
    'Exit code: 0 an offer can be taken, 1 none can.',
  ].join('\n'),
  examples: [
    'tailrace vendor quotes plan.yaml acme bulk --needed-by 2027-06-01',
    'tailrace vendor quotes plan.yaml --json',
  ],
  options: {
    ...optionTable(workloadOptions),
    'needed-by': {
      type: 'string',
      value: 'DATE',
      description: 'when the capacity is needed (default today)',
    },
    json: { type: 'boolean', description: 'print the comparison as JSON' },
  },
  positionalsMax: 13,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout } = context;
  argument(context, 0, 'PLAN', 'vendor quotes');
  const offers = await offersOf(context);
  if (offers.length === 0) throw noVendor('no vendor has a quote; see tailrace help vendor quote');
  const comparison = await compare(context, offers);
  stdout.write(
    values['json'] === true ? `${JSON.stringify(comparison, null, 2)}\n` : renderQuotes(comparison),
  );
  return comparison.best === null ? EXIT.failed : EXIT.ok;
}

const offersOf = (context: CommandContext): Promise<VendorOffer[]> =>
  withVendors(context, async (store) => {
    const files = await filesOf(store, context.positionals.slice(1));
    return files.flatMap(({ vendor, quotes }) => {
      const last = quotes.at(-1);
      if (last === undefined) return [];
      const { atMs: _, ...quote } = last;
      return { vendor: vendor.id, quote };
    });
  });

async function compare(
  context: CommandContext,
  offers: readonly VendorOffer[],
): Promise<QuoteComparison> {
  const { values, clock, signal } = context;
  const plan = planOf(context, workloadOptions);
  const rows = await planRows(context, plan);
  const neededBy = textValue(values, 'needed-by');
  const progress = planProgress(context);
  try {
    const result = await compareQuotes({
      plan,
      workload: planWorkload(plan, rows),
      offers,
      today: isoDate(clock.wallMs()),
      ...(neededBy === undefined ? {} : { neededBy }),
      signal,
      onProgress: (done, total) => progress.show(done, total, 'quotes'),
      evaluate: (own) => {
        const pool = createSimulationPool({ plan: own, rows }, { signal });
        return { evaluate: pool.at(null), close: () => pool.close() };
      },
    });
    if (!result.ok) throw result.error;
    return result.value;
  } finally {
    progress.close();
  }
}

const noVendor = (message: string): TailraceError =>
  new TailraceError('TR_USAGE', message, { field: 'VENDOR' });
