import {
  generationWater,
  gridCarbon,
  typicalPue,
  typicalWue,
  type SourcedFigure,
} from '../../catalog/site-figures.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { SiteFactors } from './resources.ts';

/** Factors of a site with where each comes from; `missing` names what is unknown and the field that tells it. */
export interface SourcedFactors extends SiteFactors {
  sources: string[];
  missing: string[];
}

/** PUE when neither the plan nor the catalog tells one: the weighted mean of Uptime Institute 2025. */
const FALLBACK_PUE = 1.54;

/** What the plan tells, else what the catalog has for its cooling, climate and region. */
export function siteFactors(facility: Plan['facility']): SourcedFactors {
  const { region } = facility;
  const sources: string[] = [];
  const take = (
    name: string,
    told: number | undefined,
    typical: SourcedFigure | null,
  ): number | null => {
    if (told !== undefined) sources.push(`${name} ${told}: the plan`);
    else if (typical !== null) sources.push(`${name} ${typical.value}: ${typical.source}`);
    return told ?? typical?.value ?? null;
  };
  const pue = take('PUE', facility.pue, typicalPue(facility.cooling, facility.climate));
  const wue = take('WUE L/kWh', facility.wueLPerKwh, typicalWue());
  const ewifLPerKwh = take(
    'EWIF L/kWh',
    facility.ewifLPerKwh,
    region === undefined ? null : generationWater(region),
  );
  const gPerKwh = take(
    'grid g/kWh',
    facility.gridGPerKwh,
    region === undefined ? null : gridCarbon(region),
  );
  return {
    pue: pue ?? FALLBACK_PUE,
    wueLPerKwh: wue ?? 0,
    ewifLPerKwh,
    gPerKwh,
    sources,
    missing: [
      ...(gPerKwh === null ? ['facility.region or facility.gridGPerKwh (carbon)'] : []),
      ...(ewifLPerKwh === null ? ['facility.ewifLPerKwh (water of generation)'] : []),
    ],
  };
}
