import { collectors } from '../../src/govern/evidence/collectors.ts';
import { openGovernanceDbInMemory } from '../../src/govern/evidence/governance-db.ts';
import { createGovernance, type Governance } from '../../src/govern/governance.ts';
import type { Criteria } from '../../src/govern/scorecard/criteria-schema.ts';
import { shippedCriteria } from '../../src/govern/scorecard/load-criteria.ts';
import type { ScoreView } from '../../src/govern/scorecard/score-view.ts';
import { DAY_MS, disciplinedWorld, sourcesOf, WINDOW_DAYS, type World } from './score-world.ts';

const START_MS = 1_800_000_000_000;

/** The shipped criteria with windows short enough to fill with records in a test. */
export const criteria: Criteria = {
  ...shippedCriteria(),
  conditions: shippedCriteria().conditions.map((one) =>
    Object.assign({}, one, { windowDays: Math.min(one.windowDays, WINDOW_DAYS) }),
  ),
};
export const attested = criteria.conditions.filter((one) => one.attestation === true);
export const collected = criteria.conditions.filter((one) => one.collector !== undefined);
const document = { title: 'shows it', link: 'https://docs.example/it', sha256: null };

/** One organisation over time: a clock, a world that changes, and what governance makes of it. */
export interface Lab {
  at(changeDays: number): void;
  look(
    change?: (world: World) => void,
    off?: { collector?: string; unsaid?: string },
  ): Promise<ScoreView>;
  stateOf(action: string): Promise<string | null>;
  governance: Governance;
}

export async function openLab(): Promise<Lab> {
  const clock = { nowMs: START_MS, wallMs: () => clock.nowMs, monoMs: () => 0 };
  let sources = sourcesOf(disciplinedWorld(clock.nowMs), clock);
  let stopped: string | undefined;
  const governance = createGovernance({
    db: await openGovernanceDbInMemory(),
    // Reads whatever the world is at the time.
    sources: {
      ...sources,
      get ledger() {
        return sources.ledger;
      },
      config: () => sources.config(),
      keys: () => sources.keys(),
      resources: (query) => sources.resources?.(query) ?? { series: [] },
      plans: () => sources.plans?.() ?? [],
      probes: async () => (await sources.probes?.()) ?? [],
      logbook: { entries: async () => (await sources.logbook?.entries()) ?? [] },
      account: async (window) => (await sources.account?.(window)) ?? null,
      vendors: async () => (await sources.vendors?.()) ?? null,
    },
    criteria: () => ({ inForce: criteria, shipped: shippedCriteria() }),
    collectors: () => collectors.filter((one) => one.id !== stopped),
  });
  return {
    governance,
    at: (days) => (clock.nowMs += days * DAY_MS),
    async look(change = () => {}, off = {}) {
      const world = disciplinedWorld(clock.nowMs);
      change(world);
      sources = sourcesOf(world, clock);
      stopped = off.collector;
      // Every document is renewed but the one that is left to age.
      const said = attested.filter((one) => one.id !== off.unsaid);
      await governance.collect();
      return governance.interview({
        person: 'grace',
        answers: said.map(({ id }) => ({
          condition: id,
          answer: 'yes',
          document,
          owner: null,
          reviewAtMs: null,
        })),
      });
    },
    async stateOf(action) {
      const { actions } = await governance.roadmap({ service: null, role: null });
      return actions.find((one) => one.id === action)?.state ?? null;
    },
  };
}

export const metOf = (score: ScoreView): string[] =>
  score.categories
    .flatMap((one) => one.conditions)
    .filter((one) => one.state === 'met')
    .map((one) => one.id)
    .toSorted();
export const levelsOf = (score: ScoreView): Record<string, number> =>
  Object.fromEntries(score.categories.map((one) => [one.id, one.proven]));
