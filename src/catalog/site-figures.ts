import { z } from 'zod';
import type { CoolingType } from './cooling.ts';
import { coolingTypes } from './cooling.ts';
import data from './data/site-figures.json' with { type: 'json' };

export const climates = ['cold', 'temperate', 'hot'] as const;
export type Climate = (typeof climates)[number];

const confidence = z.enum(['stored-page', 'general-knowledge']);
const pueFigure = z.strictObject({
  cooling: z.enum(coolingTypes),
  climate: z.enum(climates),
  pue: z.number().min(1),
  source: z.string(),
  asOf: z.string(),
  confidence,
});
const regional = { region: z.string(), source: z.string() };
const figures = z.object({
  pue: z.array(pueFigure),
  water: z.object({
    wueLPerKwh: z.number().nonnegative(),
    wueSource: z.string(),
    regions: z.array(z.strictObject({ ...regional, ewifLPerKwh: z.number().nonnegative() })),
  }),
  grid: z.array(z.strictObject({ ...regional, gPerKwh: z.number().nonnegative() })),
});

const { pue, water, grid } = figures.parse(data);

/** A figure with where it comes from. */
export interface SourcedFigure {
  value: number;
  source: string;
}

/** Typical PUE of a site by how it is cooled and where it stands. */
export function typicalPue(cooling: CoolingType, climate: Climate): SourcedFigure | null {
  const found = pue.find((one) => one.cooling === cooling && one.climate === climate);
  return found === undefined ? null : { value: found.pue, source: found.source };
}

/** Typical site water per IT kWh, litres. */
export const typicalWue = (): SourcedFigure => ({
  value: water.wueLPerKwh,
  source: water.wueSource,
});

/** Litres that generating one kWh takes in a country (ISO 3166-1 alpha-2); null when not at hand. */
export function generationWater(region: string): SourcedFigure | null {
  const found = water.regions.find((one) => one.region === region.toUpperCase());
  return found === undefined ? null : { value: found.ewifLPerKwh, source: found.source };
}

/** Grams of CO2e per kWh of a country's grid (ISO 3166-1 alpha-2); null when not at hand. */
export function gridCarbon(region: string): SourcedFigure | null {
  const found = grid.find((one) => one.region === region.toUpperCase());
  return found === undefined ? null : { value: found.gPerKwh, source: found.source };
}

/** Countries that have a grid figure. */
export const gridRegions = (): string[] => grid.map((one) => one.region);
