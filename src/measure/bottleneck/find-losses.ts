import type { Accounted } from './account-detail.ts';
import type { Advice, GainPlanner, Rule, RuleFacts } from './rules/rule.ts';
import { rules } from './rules/rules.ts';
import { spend } from './rules/spell.ts';
import type { Finding, TimeAccount, TimeLeaf } from './why-report.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Applies every rule to every account; most money first, then most accelerator time. */
export function findLosses(
  accounted: readonly Accounted[],
  planner: GainPlanner | null,
): Finding[] {
  return accounted
    .flatMap((one) => rules.flatMap((rule) => applied(rule, one, planner)))
    .toSorted((a, b) => (b.usd ?? -1) - (a.usd ?? -1) || b.acceleratorHours - a.acceleratorHours);
}

function applied(
  rule: Rule,
  { account, detail }: Accounted,
  planner: GainPlanner | null,
): Finding[] {
  const leaf = account.leaves.find((one) => one.cause === rule.cause);
  if (leaf === undefined || leaf.share < rule.from) return [];
  const spanMs = paidMs(account);
  const perDay: RuleFacts['perDay'] = (usd) =>
    usd === null || spanMs <= 0 ? null : (usd * DAY_MS) / spanMs;
  const usdPerDay = perDay(leaf.usd);
  const part = partOfSubject(account);
  const share = leaf.share * part;
  const lost = spend(share, usdPerDay);
  const advice = rule.advise({ account, leaf, detail, planner, lost, perDay });
  return [
    {
      rule: rule.id,
      cause: leaf.cause,
      subject: account.subject,
      business: account.business,
      share,
      acceleratorHours: leaf.acceleratorHours,
      usd: leaf.usd,
      usdPerDay,
      explanation: advice.explanation,
      fix: advice.fix,
      gain: gainOf(advice, leaf, { part, usdPerDay }),
      confidence: leaf.confidence,
      evidence: leaf.evidence,
    },
  ];
}

/** An engine may be paid for in part of the window only: what it loses a day is what it lost in that time. */
const paidMs = ({ accelerators, acceleratorHours, fromMs, toMs }: TimeAccount): number =>
  accelerators === null ? toMs - fromMs : (acceleratorHours * HOUR_MS) / accelerators;

/** The account of a pool leaves out what work was given: its losses are told as shares of the whole cluster. */
function partOfSubject({ kind, metrics }: TimeAccount): number {
  const given = kind === 'pool' ? (metrics.goodput?.scheduling ?? 0) : 0;
  return 1 - given;
}

function gainOf(
  advice: Advice,
  leaf: TimeLeaf,
  { part, usdPerDay }: { part: number; usdPerDay: number | null },
): Finding['gain'] {
  const { gainBy } = advice;
  const gainShare = advice.gainShare === null ? null : advice.gainShare * part;
  const share = leaf.share * part;
  // Work that nobody asked for does not end sooner.
  const isWork = leaf.group !== 'not-allocated' && leaf.cause !== 'left-on';
  return {
    by: gainBy,
    share: gainShare,
    usdPerDay: gainShare === null || usdPerDay === null ? null : (usdPerDay * gainShare) / share,
    speedup: !isWork || gainShare === null || gainShare >= 1 ? null : 1 / (1 - gainShare),
  };
}
