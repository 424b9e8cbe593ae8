import { capitalRecoveryFactor } from '../../measure/cost/accelerator-hour.ts';

/** Something that is bought: paid back with interest over its life, less what it then still fetches. */
export interface Asset {
  capexUsd: number;
  lifeYears: number;
  /** What it sells for at the end of its life; 0 when nothing. */
  residualUsd: number;
}

/**
 * US dollars a year that pay an asset back: (capex - residual / (1 + r)^n) x CRF(r, n). `ratePercent`
 * is the cost of capital a year. With r = 0 it is the straight line (capex - residual) / n.
 */
export function yearlyCapitalUsd(asset: Asset, ratePercent: number): number {
  const rate = ratePercent / 100;
  const residualNow = asset.residualUsd / (1 + rate) ** asset.lifeYears;
  return (asset.capexUsd - residualNow) * capitalRecoveryFactor(rate, asset.lifeYears);
}

/** A site as a whole: its assets, each with its own life, and what running it costs. */
export interface SiteCapital {
  assets: readonly Asset[];
  operationUsdPerYear: number;
  ratePercent: number;
}

/** Total cost of ownership, US dollars a year. */
export const siteUsdPerYear = ({ assets, operationUsdPerYear, ratePercent }: SiteCapital): number =>
  assets.reduce((sum, asset) => sum + yearlyCapitalUsd(asset, ratePercent), operationUsdPerYear);
