import type { Spend } from '../evidence/spend.ts';
import { roles, type Criteria, type Role } from '../scorecard/criteria-schema.ts';
import type { ScoreCard } from '../scorecard/score-card.ts';
import { exposedUsd, reasonOf } from '../scorecard/view-score.ts';
import { actionState, type StateChange } from './action-state.ts';
import { gapsOf, type Gap } from './gaps.ts';
import { isOpen, type ActionView, type RoadmapView } from './roadmap-view.ts';
import { priorityOf, schedule, type Slot, type Task } from './schedule.ts';

const DAY_MS = 86_400_000;

export interface RoadmapAsk {
  card: ScoreCard;
  criteria: Criteria;
  spend: Spend;
  /** Of each action, oldest first. */
  history: ReadonlyMap<string, readonly StateChange[]>;
  /** Owners that people gave to actions. */
  owners: ReadonlyMap<string, string>;
  /** Where the condition of an action is shown to hold. */
  proofOf: (condition: string) => string;
  role: Role | null;
  nowMs: number;
}

/** Actions of every gap: open ones in the order of work, then what closed by itself. */
export function buildRoadmap(ask: RoadmapAsk): RoadmapView {
  const gaps = gapsOf(ask.card, ask.criteria);
  const open = gaps.filter((gap) => !gap.met);
  const openIds = new Set(open.map((gap) => gap.action));
  const slots = schedule(open.map((gap) => taskOf(gap, openIds, ask)));
  const order = [...slots.keys()];
  const place = (one: ActionView): number => order.indexOf(one.id);
  const views = gaps
    .filter((gap) => !gap.met || wasEverUnmet(ask.history.get(gap.action)))
    .map((gap) => actionOf(gap, { ask, slot: slots.get(gap.action) ?? null, openIds }))
    // What closed is last.
    .sort(
      (a, b) =>
        Number(place(a) < 0) - Number(place(b) < 0) || a.period - b.period || place(a) - place(b),
    );
  return {
    generatedAtMs: ask.nowMs,
    service: ask.card.service,
    role: ask.role,
    roles: roles.map((role) => {
      const mine = views.filter((one) => one.role === role && isOpen(one));
      return {
        role,
        open: mine.length,
        effortDays: mine.reduce((sum, one) => sum + one.effortDays, 0),
      };
    }),
    actions: views.filter((one) => ask.role === null || one.role === ask.role),
  };
}

/** What held from the first look on was never an action. */
const wasEverUnmet = (history: readonly StateChange[] | undefined): boolean =>
  history?.some((change) => !change.met) ?? false;

function taskOf(gap: Gap, openIds: ReadonlySet<string>, ask: RoadmapAsk): Task {
  const { condition, category } = gap;
  return {
    id: gap.action,
    role: condition.role,
    effortDays: condition.effortDays,
    points: gap.points,
    exposedUsd: exposedOf(gap, ask.spend),
    needs: needsOf(gap, openIds),
    isLater: gap.level > category.levels.proven + 1,
    isBlocked: gap.blockedBy !== null,
  };
}

const exposedOf = ({ condition, category }: Gap, spend: Spend): number | null =>
  exposedUsd(spend, condition.spend ?? category.category.spend);

/** What is blocked itself holds nothing else up: it would never end. */
const needsOf = ({ condition }: Gap, openIds: ReadonlySet<string>): string[] =>
  condition.needs.filter((need) => openIds.has(need));

function actionOf(
  gap: Gap,
  about: { ask: RoadmapAsk; slot: Slot | null; openIds: ReadonlySet<string> },
): ActionView {
  const { ask, openIds } = about;
  const { condition, category } = gap;
  const { nowMs } = ask;
  const state = actionState(ask.history.get(gap.action) ?? [{ atMs: nowMs, met: gap.met }], nowMs);
  const slot = about.slot ?? { startDay: 0, dueDay: 0, period: 30 as const };
  const exposed = exposedOf(gap, ask.spend);
  const score = category.conditions.find((one) => one.condition.id === condition.id);
  const neededGrade = ask.criteria.levels[gap.level - 1]?.minGrade ?? 4;
  const dueAtMs = state.openedAtMs + slot.dueDay * DAY_MS;
  const isRaised = gap.action !== condition.id;
  return {
    id: gap.action,
    condition: condition.id,
    category: category.category.id,
    categoryName: category.category.name,
    title: isRaised ? `${condition.title}: measured, not by document` : condition.title,
    fix: condition.fix,
    role: condition.role,
    owner: ask.owners.get(gap.action) ?? condition.role,
    effortDays: condition.effortDays,
    exposedUsd: exposed,
    points: gap.points,
    priority: priorityOf({ ...gap, exposedUsd: exposed, effortDays: condition.effortDays }),
    proof: ask.proofOf(condition.id),
    needs: needsOf(gap, openIds),
    ...state,
    ...slot,
    dueAtMs,
    overdue: !gap.met && dueAtMs < nowMs,
    blockedBy: gap.blockedBy,
    reason: score === undefined ? '' : reasonOf(score, neededGrade, nowMs),
    layers: [...category.category.layers],
  };
}
