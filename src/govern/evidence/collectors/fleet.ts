import type { EngineUse, Window } from '../../../measure/ledger/ledger.ts';
import { acceleratorsOf, enginesOf, type Facts } from '../facts.ts';

/** One engine with accelerators of its own, and how its time went. Shares are of the window. */
export interface FleetEngine {
  name: string;
  accelerators: number;
  simulated: boolean;
  /** A route of a service names it. */
  routed: boolean;
  sampledShare: number;
  upShare: number;
  /** Null: nothing was sampled. */
  use: EngineUse | null;
}

/** Engines that are paid for by time, in the order of the configuration. */
export async function fleetOf(facts: Facts, window: Window): Promise<FleetEngine[]> {
  const { config } = facts;
  const uses = await facts.engineUse(window);
  const windowMs = Math.max(1, window.toMs - window.fromMs);
  const routed = new Set(
    config.services.flatMap((one) => enginesOf(one, config).map((engine) => engine.name)),
  );
  return config.engines
    .filter((engine) => acceleratorsOf(engine) > 0)
    .map((engine) => {
      const use = uses.find((one) => one.engine === engine.name) ?? null;
      return {
        name: engine.name,
        accelerators: acceleratorsOf(engine),
        simulated: engine.simulated !== undefined,
        routed: routed.has(engine.name),
        sampledShare: Math.min(1, (use?.sampledMs ?? 0) / windowMs),
        upShare: Math.min(1, (use?.upMs ?? 0) / windowMs),
        use,
      };
    });
}

/** Sum over the engines, by their accelerators. */
export const weighted = (fleet: readonly FleetEngine[], of: (one: FleetEngine) => number): number =>
  fleet.reduce((sum, one) => sum + one.accelerators * of(one), 0);
