/** What a site uses over a time: energy of IT and facility, water and carbon. Null is unknown. */
export interface SiteResources {
  itKwh: number;
  facilityKwh: number;
  /** On site and at the generator, litres. */
  siteWaterL: number;
  sourceWaterL: number | null;
  waterL: number | null;
  carbonKg: number | null;
}

export interface SiteFactors {
  /** Facility energy / IT energy (ISO/IEC 30134-2). */
  pue: number;
  /** Litres on site per IT kWh (ISO/IEC 30134-9). */
  wueLPerKwh: number;
  /** Litres per kWh at the generator; null: not known. */
  ewifLPerKwh: number | null;
  /** Grams of CO2e per kWh of the grid; null: not known. */
  gPerKwh: number | null;
}

/**
 * Energy, water and carbon of an IT energy. WUE is per IT kWh already, so only the water of
 * generation is multiplied by PUE: water = E_IT x (WUE + PUE x EWIF).
 */
export function siteResources(itKwh: number, factors: SiteFactors): SiteResources {
  const { pue, wueLPerKwh, ewifLPerKwh, gPerKwh } = factors;
  const facilityKwh = itKwh * pue;
  const siteWaterL = itKwh * wueLPerKwh;
  const sourceWaterL = ewifLPerKwh === null ? null : facilityKwh * ewifLPerKwh;
  return {
    itKwh,
    facilityKwh,
    siteWaterL,
    sourceWaterL,
    waterL: sourceWaterL === null ? null : siteWaterL + sourceWaterL,
    carbonKg: gPerKwh === null ? null : (facilityKwh * gPerKwh) / 1000,
  };
}
