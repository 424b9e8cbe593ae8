import { newId } from '../../records/ids.ts';
import type { GovernanceDb } from '../evidence/governance-db.ts';
import type { StateChange } from '../roadmap/action-state.ts';
import type { Gap } from '../roadmap/gaps.ts';
import type { Level, ScoreCard } from './score-card.ts';
import type { ScoreView } from './score-view.ts';
import { compactOf } from './view-score.ts';

const DAY_MS = 86_400_000;
const MAX_MOVES = 20;

interface Compact {
  levels: Record<string, Level>;
  grades: Record<string, number>;
}

/** What was: the score at each change and at least daily, and when each action's condition held. */
export interface ScoreHistory {
  /** Keeps a card, and where an action's condition began or ceased to be met. */
  record(card: ScoreCard, gaps: readonly Gap[], nowMs: number): Promise<void>;
  trend(
    service: string | null,
    titleOf: (condition: string) => string,
  ): Promise<Pick<ScoreView, 'trend' | 'moves'>>;
  /** Changes of each action, oldest first. */
  actions(service: string | null): Promise<Map<string, StateChange[]>>;
}

export function openScoreHistory(db: GovernanceDb): ScoreHistory {
  return {
    record: (card, gaps, nowMs) =>
      db.transaction().execute(async (trx) => {
        await keepSnapshot(trx, card, nowMs);
        await keepStates(trx, card, gaps, nowMs);
      }),
    async trend(service, titleOf) {
      const rows = await db
        .selectFrom('snapshots')
        .select(['atMs', 'claimed', 'proven', 'simulated', 'body'])
        .where('service', '=', service ?? '')
        .orderBy('atMs')
        .orderBy('id')
        .execute();
      const trend = rows.map(({ atMs, claimed, proven, simulated }) => ({
        atMs,
        claimed,
        proven,
        simulated,
      }));
      const states = rows.map(({ atMs, body }) => ({ atMs, card: JSON.parse(body) as Compact }));
      return { trend, moves: movesOf(states, titleOf) };
    },
    async actions(service) {
      const rows = await db
        .selectFrom('actionStates')
        .select(['action', 'atMs', 'met'])
        .where('service', '=', service ?? '')
        .orderBy('atMs')
        .orderBy('id')
        .execute();
      const actions = new Map<string, StateChange[]>();
      for (const { action, atMs, met } of rows) {
        actions.set(action, [...(actions.get(action) ?? []), { atMs, met: met === 1 }]);
      }
      return actions;
    },
  };
}

async function keepSnapshot(db: GovernanceDb, card: ScoreCard, nowMs: number): Promise<void> {
  const service = card.service ?? '';
  const body = JSON.stringify(compactOf(card));
  const last = await db
    .selectFrom('snapshots')
    .select(['atMs', 'body', 'claimed', 'simulated'])
    .where('service', '=', service)
    .orderBy('atMs', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const isSame =
    last !== undefined &&
    last.body === body &&
    last.claimed === card.totals.claimed &&
    last.simulated === card.totals.simulated &&
    Math.floor(last.atMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  if (isSame) return;
  await db
    .insertInto('snapshots')
    .values({ id: newId(nowMs), service, atMs: nowMs, ...card.totals, body })
    .execute();
}

async function keepStates(
  db: GovernanceDb,
  card: ScoreCard,
  gaps: readonly Gap[],
  nowMs: number,
): Promise<void> {
  const service = card.service ?? '';
  const rows = await db
    .selectFrom('actionStates')
    .select(['action', 'met'])
    .where('service', '=', service)
    .orderBy('atMs')
    .orderBy('id')
    .execute();
  const last = new Map(rows.map(({ action, met }) => [action, met]));
  for (const { action, met, condition } of gaps) {
    if (last.get(action) === Number(met)) continue;
    const reason = `${condition.title} ${met ? 'holds' : 'does not hold'}`;
    await db
      .insertInto('actionStates')
      .values({ id: newId(nowMs), action, service, atMs: nowMs, met: Number(met), reason })
      .execute();
  }
}

/** Where a category's proven level changed, newest first, with the conditions whose grade changed. */
function movesOf(
  states: ReadonlyArray<{ atMs: number; card: Compact }>,
  titleOf: (condition: string) => string,
): ScoreView['moves'] {
  const moves: ScoreView['moves'] = [];
  for (const [i, { atMs, card: now }] of states.entries()) {
    const before = states[i - 1]?.card;
    if (before === undefined) continue;
    for (const [category, to] of Object.entries(now.levels)) {
      const from = before.levels[category] ?? 0;
      if (from === to) continue;
      const because = Object.entries(now.grades)
        .filter(([id, grade]) => id.startsWith(`${category}.`) && before.grades[id] !== grade)
        .map(([id, grade]) => `${titleOf(id)}: E${before.grades[id] ?? 0} to E${grade}`);
      moves.push({ atMs, category, from, to, because });
    }
  }
  return moves.toReversed().slice(0, MAX_MOVES);
}
