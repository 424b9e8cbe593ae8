import type { Reading } from '../plan/facility/check-site.ts';
import type { FacilityPlan } from '../plan/facility/plan-facility.ts';
import { columnsOf, paragraph } from './answer-layout.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { count, plain, share } from './answer-units.ts';
import { bar, kilowatts, large } from './plan-units.ts';

const BAR_COLUMNS = 20;

/** Limits of the tree that are shown; the tightest of the rest are what matters. */
const MAX_READINGS = 40;

/** A facility plan on one screen; pure. */
export function renderFacility(
  plan: FacilityPlan,
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = createPaint(colour);
  const { check } = plan;
  const width = columnsOf(columns);
  const verdict = check.fits ? paint.good('fits') : paint.bad('does not fit');
  const lines = [
    `${count(check.nodes)} nodes, ${kilowatts(check.itKw)} IT: ${verdict}`,
    ...bindingLines(plan, width),
    '',
    ...treeLines(check.readings, paint),
    ...(check.uncheckedCooling.length === 0
      ? []
      : [`  cooling not told, so not checked: ${count(check.uncheckedCooling.length)} racks`]),
    ...growthLines(plan, paint),
    '',
    ...resourceLines(plan, width),
    ...(plan.costUsdPerYear === null
      ? []
      : ['', `owned, the site costs $${large(plan.costUsdPerYear)} a year`]),
  ];
  return `${lines.join('\n')}\n`;
}

function bindingLines({ check, runOuts }: FacilityPlan, width: number): string[] {
  const { binding } = check;
  if (binding === null) return ['  no element has a limit, so nothing binds'];
  const what = binding.limit === 'cooling' ? 'cooling of ' : '';
  const room = binding.fits
    ? `${kilowatts(binding.headroomKw)} left`
    : `${kilowatts(-binding.headroomKw)} too much`;
  const first = runOuts[0];
  const until =
    first === undefined
      ? ''
      : first.date === null
        ? '; the forecast stays within every limit'
        : `; growth passes ${plain(first.path)} on ${first.date}`;
  const text = `binds first: ${what}${plain(binding.path)}, ${kilowatts(binding.loadKw)} of ${kilowatts(binding.capacityKw)}, ${room}${until}`;
  return paragraph(text, { width, indent: 2 });
}

function treeLines(readings: readonly Reading[], paint: Paint): string[] {
  const shown = readings.slice(0, MAX_READINGS);
  const lines = shown.map((reading) => {
    const used = reading.capacityKw === 0 ? 1 : reading.loadKw / reading.capacityKw;
    const depth = reading.path.split(' > ').length - 1;
    const name = `${'  '.repeat(depth)}${plain(reading.id)}${reading.limit === 'cooling' ? ' (cooling)' : ''}`;
    const text = bar(used, BAR_COLUMNS);
    const figures = `${kilowatts(reading.loadKw)} of ${kilowatts(reading.capacityKw)}, ${share(used)}`;
    return `  ${name.padEnd(28)} ${reading.fits ? text : paint.bad(text)} ${figures}`;
  });
  const rest = readings.length - shown.length;
  return rest > 0 ? [...lines, `  and ${count(rest)} more limits; --json has them all`] : lines;
}

function growthLines({ orders }: FacilityPlan, paint: Paint): string[] {
  if (orders.length === 0) return [];
  const lines = orders.map((order) => {
    const late =
      order.lateWeeks > 0
        ? paint.bad(`${count(order.lateWeeks)} weeks late`)
        : paint.good(`order by ${order.orderBy}`);
    const weeks = `${order.lowWeeks}-${order.highWeeks} weeks`;
    return `  ${order.what.padEnd(20)} ${late} (${weeks}, needed ${order.neededBy} at ${plain(order.path)})`;
  });
  return ['', 'to order', ...lines, ...orders.slice(0, 1).map(sourceLine)];
}

const sourceLine = (order: { source: string }): string => `  lead times: ${plain(order.source)}`;

function resourceLines({ yearly, factors }: FacilityPlan, width: number): string[] {
  const carbon = yearly.carbonKg === null ? 'unknown' : `${large(yearly.carbonKg / 1000)} t CO2e`;
  const water =
    yearly.waterL === null
      ? `${large(yearly.siteWaterL / 1000)} m3 on site, at the generator unknown`
      : `${large(yearly.waterL / 1000)} m3 on site and at the generator`;
  return [
    `a year at this load (ratings are peaks, so an upper bound):`,
    ...paragraph(`${large(yearly.facilityKwh / 1000)} MWh, water ${water}, carbon ${carbon}`, {
      width,
      indent: 2,
    }),
    ...factors.sources.flatMap((source) => paragraph(source, { width, indent: 2 })),
    ...factors.missing.map((field) => `  unknown without ${field}`),
  ];
}
