import { windowCost } from '../../measure/cost/window-cost.ts';
import type { Window } from '../../measure/ledger/ledger.ts';
import { enginesOf, type Facts } from './facts.ts';

/**
 * Spend of a window, US dollars; null where a part of it is not known. `accelerators`: engines paid for by
 * time. `unallocated`: engines that no service is routed to.
 */
export interface Spend {
  allUsd: number | null;
  acceleratorsUsd: number | null;
  idleUsd: number | null;
  unallocatedUsd: number | null;
  simulated: boolean;
  missing: string[];
}

/** Spend of the organisation, or of one service. */
export async function spendOf(facts: Facts, window: Window, service?: string): Promise<Spend> {
  const { services } = await facts.answers(window);
  const mine = services.filter((one) => service === undefined || one.service === service);
  const loose = service === undefined ? await unrouted(facts, window) : [];
  const costs = mine.map(({ cost, requests }) => {
    const usd = cost.allocatedUsd ?? cost.usageUsd;
    // A public API that nobody asked costs nothing; that is known.
    return { ...cost, usd: usd === null && requests.total === 0 && cost.kind === 'api' ? 0 : usd };
  });
  const owned = sum(costs.map((one) => one.usd));
  const unallocatedUsd = sum(loose);
  const timed = costs.filter((one) => one.kind !== 'api');
  const timedUsd = sum(timed.map((one) => one.usd));
  return {
    allUsd: sum([owned, unallocatedUsd]),
    acceleratorsUsd: sum([timedUsd, unallocatedUsd]),
    idleUsd: sum([...timed.map((one) => one.idleUsd), unallocatedUsd]),
    unallocatedUsd,
    simulated: mine.some((one) => one.simulated !== 'none'),
    missing: [...new Set(costs.flatMap((one) => one.missing))],
  };
}

async function unrouted(facts: Facts, window: Window): Promise<Array<number | null>> {
  const { config } = facts;
  const routed = new Set(
    config.services.flatMap((one) => enginesOf(one, config).map((engine) => engine.name)),
  );
  const uses = await facts.engineUse(window);
  return config.engines
    .filter((engine) => !routed.has(engine.name) && engine.cost?.basis !== 'api')
    .filter((engine) => engine.hardware !== undefined)
    .map((engine) => {
      const use = uses.find((one) => one.engine === engine.name);
      const acceleratorSeconds = use?.acceleratorSeconds ?? null;
      return windowCost(engine, { acceleratorSeconds, share: 1, replies: 0, usageUsd: null })
        .allocatedUsd;
    });
}

/** Known only when every part is. */
function sum(parts: ReadonlyArray<number | null>): number | null {
  let all = 0;
  for (const part of parts) {
    if (part === null) return null;
    all += part;
  }
  return all;
}
