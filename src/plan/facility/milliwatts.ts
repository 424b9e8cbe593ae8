/**
 * Power as whole milliwatts: sums of decimal kW are then exact (120 x 5.6 + 24 x 3.2 kW is 748.8,
 * not 748.8000000000001). A double holds whole milliwatts up to 9 TW.
 */
export const toMilliwatts = (kw: number): number => Math.round(kw * 1e6);

export const toKw = (milliwatts: number): number => milliwatts / 1e6;

/** Load plus a loss in percent, rounded up: a limit is never passed by rounding. */
export const withLoss = (milliwatts: number, lossPercent: number): number =>
  milliwatts + Math.ceil((milliwatts * Math.round(lossPercent * 1e6)) / 1e8);
