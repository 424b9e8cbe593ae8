import { timeShares } from '../../../measure/answers/engine-time.ts';
import { percent, type Collector } from '../collector.ts';
import { fleetOf, type FleetEngine } from './fleet.ts';

/** Share of lost accelerator time that has a cause: by the account of accelerator time, else by engine metrics. */
export const lossAttributed: Collector = {
  id: 'loss-attributed',
  source: 'account',
  query: 'tailrace why --since 30d',
  async organisation(facts, window) {
    const account = (await facts.sources.account?.(window)) ?? null;
    if (account !== null && account.lostAttributedShare !== null) {
      const { lostAttributedShare: value, simulated } = account;
      const coverage = await facts.coverage(window);
      const statement = `${percent(value)} of lost time has a cause.`;
      return { value, coverage, simulated, statement };
    }
    const fleet = await fleetOf(facts, window);
    if (fleet.length === 0) return null;
    let lost = 0;
    let unknown = 0;
    for (const engine of fleet) {
      const time = lossOf(engine);
      lost += time.lost * engine.accelerators;
      unknown += time.unknown * engine.accelerators;
    }
    const value = lost > 0 ? 1 - unknown / lost : 1;
    return {
      value,
      coverage: await facts.coverage(window),
      simulated: fleet.some((one) => one.simulated),
      statement: `${percent(value)} of the accelerator time that was lost has a cause.`,
    };
  },
};

/** Shares of the window; what was not sampled is lost to nobody knows what. */
function lossOf({ use, sampledShare }: FleetEngine): { lost: number; unknown: number } {
  if (use === null) return { lost: 1, unknown: 1 };
  const shares = timeShares(use);
  const lost = (1 - (shares.busy ?? 0)) * sampledShare + 1 - sampledShare;
  return { lost, unknown: (shares.unknown ?? 0) * sampledShare + 1 - sampledShare };
}
