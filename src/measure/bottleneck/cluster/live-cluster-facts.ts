import type { ClusterConfig } from '../../../config/schema.ts';
import { acceleratorHourUsd } from '../../cost/accelerator-hour.ts';
import type { Window } from '../../ledger/ledger.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { ClusterSpell } from './cluster-spell.ts';
import { factsOfSpells } from './facts-of-spells.ts';

/** What configured clusters say of a window, and those that were not looked at in it. */
export function liveClusterFacts(
  clusters: readonly ClusterConfig[],
  spells: readonly ClusterSpell[],
  window: Window,
): { facts: ClusterFacts[]; unknown: string[] } {
  const unknown: string[] = [];
  const facts = clusters.flatMap(({ name, cost }) => {
    const usdPerCardHour = cost === undefined ? null : acceleratorHourUsd(cost);
    const found = factsOfSpells(name, spells, { window, usdPerCardHour });
    if (found === null) unknown.push(`cards of ${name}: it was not looked at in this window`);
    return found ?? [];
  });
  return { facts, unknown };
}
