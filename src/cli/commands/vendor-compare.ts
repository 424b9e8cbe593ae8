import { compareVendors } from '../../govern/vendors/compare-vendors.ts';
import { comparisonCsv } from '../../govern/vendors/comparison-csv.ts';
import { diffVendor } from '../../govern/vendors/diff-vendor.ts';
import { parseWeights } from '../../govern/vendors/parse-weights.ts';
import { parseDuration } from '../../records/duration.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { usage } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { renderChanges, renderComparison } from '../render-vendors.ts';
import { filesOf, withVendors } from '../vendor-access.ts';

/** `tailrace vendor compare`: side by side, with gaps and contradictions; or what changed. */
export const vendorCompare: Command = {
  name: 'vendor compare',
  summary: 'vendors side by side: scores, gaps, contradictions, and what changed',
  usage: 'tailrace vendor compare [VENDOR...] [options]',
  description: [
    'Every answer is graded: 0 none or contradicted, 1 a claim, 2 a document in date, 3 a probe or test of ours.',
    'Scores are weighted means from 0 to 3. Gaps are questions below a document, the heaviest first.',
    '--since says what changed from then on, by answer or by what stands behind it.',
    '',
    'Exit code: 0, or 3 when an answer is contradicted.',
  ].join('\n'),
  examples: [
    'tailrace vendor compare acme bulk',
    'tailrace vendor compare --weight serving=3,facilities=0',
    'tailrace vendor compare acme --since 90d',
    'tailrace vendor compare --csv > side-by-side.csv',
  ],
  options: {
    weight: { type: 'string', value: 'NAME=N,...', description: 'weights of layers or questions' },
    all: { type: 'boolean', description: 'every question, not the gaps alone' },
    since: {
      type: 'string',
      value: '90d',
      description: 'what changed since: a duration, or an ISO time',
    },
    csv: { type: 'boolean', description: 'one row a question, as CSV' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  positionalsMax: 200,
  run,
};

const EXIT_CONTRADICTED = 3;

async function run(context: CommandContext): Promise<number> {
  const { positionals, values, stdout, clock } = context;
  const weights = parseWeights(textValue(values, 'weight') ?? '');
  if (!weights.ok) throw weights.error;
  const nowMs = clock.wallMs();
  const files = await withVendors(context, (store) => filesOf(store, positionals));
  const since = textValue(values, 'since');
  if (since !== undefined) {
    const fromMs = sinceMs(since, nowMs);
    const changes = files.map((file) => ({
      vendor: file.vendor.id,
      changes: diffVendor(file, fromMs, nowMs),
    }));
    stdout.write(
      values['json'] === true
        ? `${JSON.stringify({ fromMs, toMs: nowMs, vendors: changes }, null, 2)}\n`
        : renderChanges(changes),
    );
    return EXIT.ok;
  }
  const comparison = compareVendors(files, nowMs, weights.value);
  if (values['json'] === true) stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
  else if (values['csv'] === true) stdout.write(comparisonCsv(comparison));
  else stdout.write(renderComparison(comparison, values['all'] === true));
  const isContradicted = comparison.vendors.some(({ contradictions }) => contradictions.length > 0);
  return isContradicted ? EXIT_CONTRADICTED : EXIT.ok;
}

function sinceMs(text: string, nowMs: number): number {
  const duration = parseDuration(text);
  if (duration.ok) return nowMs - duration.value;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw usage('since', `takes 90d or 2027-01-31, not "${text}"`);
  return atMs;
}
