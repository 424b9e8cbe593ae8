import { planFacility } from '../../plan/facility/plan-facility.ts';
import { isoDate } from '../../plan/facility/calendar.ts';
import { powerTree } from '../../plan/report/plan-plots.ts';
import type { PlanOverride } from '../../plan/plan-file/parse-plan.ts';
import { keepPlan } from '../keep-plan.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { usage } from '../load-options.ts';
import { textValue, textValues } from '../option-values.ts';
import { option, optionTable, planOf, readNumber, readWord } from '../plan-input.ts';
import { reportOption, writeReport } from '../plan-report.ts';
import { renderFacility } from '../render-facility.ts';
import { wantsColour } from '../wants-colour.ts';

const planOptions = {
  pue: option('facility.pue', 'N', 'facility energy over IT energy (default: typical)'),
  region: option('facility.region', 'US', 'country of the grid, two letters', readWord),
  'growth-from': option(
    'facility.growth.from',
    'DATE',
    'first day of the forecast, as 2027-01-01',
    readWord,
  ),
  'growth-kw': option('facility.growth.kwPerMonth', 'KW', 'IT load that is added each month'),
  'growth-percent': option('facility.growth.percentPerMonth', 'N', 'compound growth a month'),
};

/** `tailrace plan facility`: does it fit, what binds first, until when, what to order when. */
export const planFacilityCommand: Command = {
  name: 'plan facility',
  summary: 'check nodes against a power and cooling tree: what binds, until when, what to order',
  usage: 'tailrace plan facility [PLAN] [options]',
  description: [
    'PLAN is a plan.yaml with a `facility` section: a tree of utility, transformers, UPS, PDUs and racks with',
    'ratings, redundancy (N, N+1, 2N), derating, losses and cooling. Without a file, --feed and --nodes make a',
    'tree of one feed. Every limit is checked in exact arithmetic; with growth, the first day on which each limit',
    'is passed follows, and from lead times of the catalog what must be ordered by when.',
    '',
    'Exit code: 0 it fits, 1 it does not.',
  ].join('\n'),
  examples: [
    'tailrace plan facility --feed 750 --nodes 120x5.6 --nodes 24x3.2',
    'tailrace plan facility --feed 750 --nodes 144x3.2 --growth-from 2027-01-01 --growth-kw 20',
    'tailrace plan facility --feed 2000 --nodes 90x14.3 --region US --pue 1.25 --json',
  ],
  options: {
    feed: { type: 'string', value: 'KW', description: 'rating of one utility feed' },
    nodes: {
      type: 'string',
      multiple: true,
      value: 'NxKW',
      description: 'nodes and what each draws, as 120x5.6; may be given several times',
    },
    ...optionTable(planOptions),
    today: { type: 'string', value: 'DATE', description: 'day that orders are judged on' },
    ...reportOption,
    json: { type: 'boolean', description: 'print the result as JSON' },
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, clock } = context;
  const plan = planOf(context, planOptions, siteOptions(context));
  const today = textValue(values, 'today') ?? isoDate(clock.wallMs());
  const result = planFacility(plan, today);
  if (!result.ok) throw result.error;
  await keepPlan(context, { kind: 'facility', result: result.value });
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(result.value, null, 2)}\n`
      : renderFacility(result.value, { colour: wantsColour(context), columns: stdout.columns }),
  );
  writeReport(context, 'Site', () => [
    {
      heading: 'Power and cooling',
      plots: [powerTree(result.value)],
      text: renderFacility(result.value, { colour: false, columns: stdout.columns }),
    },
  ]);
  return result.value.check.fits ? EXIT.ok : EXIT.failed;
}

/** A tree of one feed and one rack for each group of nodes. */
function siteOptions({ values }: CommandContext): PlanOverride[] {
  const feed = textValue(values, 'feed');
  const groups = textValues(values, 'nodes');
  if (feed === undefined && groups.length === 0) return [];
  if (feed === undefined) throw usage('feed', 'is needed with --nodes: the rating in kW');
  const kwPerUnit = readNumber(feed, 'feed');
  const racks = groups.map((text, i) => {
    const match = /^(\d{1,7})x(-?\d{1,6}(?:\.\d{1,6})?)$/.exec(text);
    if (match === null) throw usage('nodes', `takes a count and kW such as 120x5.6, not "${text}"`);
    const group = { name: text, count: Number(match[1]), kwPerNode: Number(match[2]) };
    return { id: `nodes-${i + 1}`, kind: 'rack', nodes: [group] };
  });
  const value = { id: 'feed', kind: 'utility', kwPerUnit, children: racks };
  return [{ path: ['facility', 'site'], value, from: '--feed and --nodes' }];
}
