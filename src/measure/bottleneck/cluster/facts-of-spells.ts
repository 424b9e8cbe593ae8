import type { Window } from '../../ledger/ledger.ts';
import { type Confidence, weakestConfidence } from '../time-book.ts';
import type { CardState } from './cluster-look.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { ClusterSpell } from './cluster-spell.ts';

const HOUR_MS = 3_600_000;
/** Reasons of one cause that are named, by card-hours. */
const MAX_REASONS = 3;
const MAX_NAMED = 50;

/**
 * What the spells of one cluster come to over a window: card-hours by cause, with the reasons that took most. Time
 * between two looks that neither stands for is unexplained, at the cards of the look before it. Null when the cluster was
 * not looked at in the window.
 */
export function factsOfSpells(
  cluster: string,
  spells: readonly ClusterSpell[],
  ask: { window: Window; usdPerCardHour: number | null },
): ClusterFacts | null {
  const own = spells.filter((one) => one.cluster === cluster);
  const looked = own.filter(({ state }) => state === 'looked').sort((a, b) => a.fromMs - b.fromMs);
  const [first] = looked;
  if (first === undefined) return null;
  const blindHours = blindCardHours(looked, ask.window);
  const hours = (state: CardState): number => sumHours(own.filter((one) => one.state === state));
  const wholeHours = sumHours(looked) + blindHours;
  const idle = own.filter(({ state }) => state !== 'looked' && state !== 'working');
  const granted = Math.min(wholeHours, hours('working'));
  const told = granted + sumHours(idle.filter(({ state }) => state !== 'unexplained'));
  return {
    name: cluster,
    noDemandHours: hours('no-demand'),
    quotaHours: hours('quota'),
    fragmentationHours: hours('fragmentation'),
    queuePolicyHours: hours('queue-policy'),
    maintenanceHours: hours('maintenance'),
    failedHours: hours('failed'),
    startingHours: hours('starting'),
    loadingHours: hours('loading'),
    leftOnHours: hours('left-on'),
    unexplainedHours: Math.max(0, wholeHours - told),
    grantedHours: granted,
    spanHours: (ask.window.toMs - first.fromMs) / HOUR_MS,
    usdPerCardHour: ask.usdPerCardHour,
    confidence: idle.map((one): Confidence => one.confidence).reduce(weakestConfidence, 'high'),
    evidence: evidenceOf(idle),
    named: [...new Set(idle.map(({ subject }) => subject))].slice(0, MAX_NAMED),
    notes: notesOf(own, blindHours, ask.window),
  };
}

const hoursOf = ({ cards, fromMs, toMs }: ClusterSpell): number =>
  (cards * (toMs - fromMs)) / HOUR_MS;
const sumHours = (spells: readonly ClusterSpell[]): number =>
  spells.reduce((sum, one) => sum + hoursOf(one), 0);

/** Card-hours between looks, and from the last one to the end of the window. */
function blindCardHours(looked: readonly ClusterSpell[], window: Window): number {
  return looked.reduce((sum, one, i) => {
    const nextMs = looked[i + 1]?.fromMs ?? window.toMs;
    return sum + (one.cards * Math.max(0, nextMs - one.toMs)) / HOUR_MS;
  }, 0);
}

/** For each cause who and why, most card-hours first. */
function evidenceOf(idle: readonly ClusterSpell[]): Record<string, string> {
  const evidence: Record<string, string> = {};
  for (const [state, spells] of Map.groupBy(idle, (one) => one.state)) {
    const reasons = [...Map.groupBy(spells, ({ subject, why }) => `${subject}: ${why}`)]
      .map(([text, all]) => ({ text, hours: sumHours(all) }))
      .sort((a, b) => b.hours - a.hours);
    const shown = reasons
      .slice(0, MAX_REASONS)
      .map(({ text, hours }) => `${text.slice(0, 240)} (${hours.toFixed(2)} card-hours)`);
    const more = reasons.length - shown.length;
    evidence[state] = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  }
  return evidence;
}

function notesOf(spells: readonly ClusterSpell[], blindHours: number, window: Window): string[] {
  const lastMs = Math.max(...spells.map(({ toMs }) => toMs));
  const agoS = Math.round((window.toMs - lastMs) / 1000);
  const silent = spells.filter(({ state }) => state === 'unexplained');
  return [
    ...(blindHours > 0.005
      ? [`${blindHours.toFixed(2)} card-hours lie where nobody looked at the cluster`]
      : []),
    ...(agoS > 0 && blindHours > 0.005
      ? [`the last look stands until ${agoS} s before the end`]
      : []),
    ...[...new Set(silent.map(({ why }) => why))].slice(0, MAX_REASONS),
  ];
}
