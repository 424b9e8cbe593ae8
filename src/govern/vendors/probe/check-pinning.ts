import { createHash } from 'node:crypto';
import type { ProbeCheck, ProbeReport } from '../vendor-records.ts';
import type { ChatOutcome } from './chat-outcome.ts';

/** Permutations of the test; the least p-value is one over so many. */
const PERMUTATIONS = 2_000;
const ALPHA = 0.005;
/** A difference smaller than this is not worth a word, however sure. */
const LEAST_DISTANCE = 0.05;
/** Repeats of a canary that agree, for its answer to say anything about another day. */
const STABLE_SHARE = 0.75;
/** Canaries whose stable answer must differ from the last probe's. */
const CHANGED_CANARIES = 2;

/**
 * Is it the same model throughout? Fixed questions at temperature 0 with one seed are asked again and again. Early and late
 * answers are compared by the energy distance between them under random relabelling within each question (a permutation
 * test; Székely and Rizzo, 2004; for language models Gao et al., arXiv 2410.20247): what an engine varies by itself
 * varies in both halves alike. Across probes, answers that were stable both times are compared.
 */
export function checkPinning(
  chats: readonly ChatOutcome[],
  asked: string,
  baseline: ProbeReport | null,
): ProbeCheck {
  const good = chats.filter((one) => one.status === 200 && one.broken === null);
  const canaries = byCanary(good);
  if (canaries.size === 0) {
    return { id: 'pinning', verdict: 'unknown', summary: 'no canary was answered', details: {} };
  }
  const models = new Set(good.flatMap(({ model }) => model ?? []));
  const prints = new Set(good.flatMap(({ fingerprint }) => fingerprint ?? []));
  const { distance, pValue } = driftTest([...canaries.values()]);
  const stable = stableAnswers(canaries);
  const changed = changedSince(stable, asked, baseline);
  const agreement = agreementOf(canaries);
  const problems = [
    ...(models.size > 1 ? [`replies name several models: ${[...models].join(', ')}`] : []),
    ...(pValue < ALPHA && distance > LEAST_DISTANCE
      ? [`answers at temperature 0 changed during the probe (p = ${pValue.toFixed(4)})`]
      : []),
    ...(changed !== null && changed.differ >= CHANGED_CANARIES
      ? [`${changed.differ} of ${changed.compared} stable answers differ from the last probe`]
      : []),
  ];
  const isNoisy = stable.size < canaries.size / 2;
  const verdict = problems.length > 0 ? 'fail' : isNoisy ? 'unknown' : 'pass';
  const percent = `${Math.round(100 * agreement)} % of repeats agree`;
  const calm = isNoisy ? `answers vary too much to tell (${percent})` : `no drift seen, ${percent}`;
  return {
    id: 'pinning',
    verdict,
    summary: problems.length > 0 ? problems.join('; ') : calm,
    details: {
      models: [...models].join(', '),
      fingerprints: prints.size,
      distance,
      pValue,
      agreement,
      // Kept for the next probe; a hash says that two answers differ, not what they were.
      stable: JSON.stringify(Object.fromEntries(stable)),
    },
  };
}

/** Answers of each canary in the order in which they came. */
function byCanary(chats: readonly ChatOutcome[]): Map<number, string[]> {
  const all = new Map<number, string[]>();
  for (const { canary, text } of chats) {
    if (canary === null) continue;
    all.set(canary, [...(all.get(canary) ?? []), text]);
  }
  return new Map([...all].filter(([, answers]) => answers.length >= 2));
}

/** Mean energy distance between the early and the late half over the questions, and its p-value. */
function driftTest(canaries: readonly string[][]): { distance: number; pValue: number } {
  const tables = canaries.map((answers) =>
    answers.map((a) => answers.map((b) => difference(a, b))),
  );
  const orders = canaries.map((answers) => answers.map((_, i) => i));
  const mean = (of: readonly number[][]): number =>
    of.reduce((sum, order, i) => sum + energy(tables[i] ?? [], order), 0) / of.length;
  const distance = mean(orders);
  if (distance <= 0) return { distance, pValue: 1 };
  const shuffle = createShuffle();
  let asFar = 0;
  for (let i = 0; i < PERMUTATIONS; i += 1) {
    if (mean(orders.map(shuffle)) >= distance - 1e-12) asFar += 1;
  }
  return { distance, pValue: (1 + asFar) / (1 + PERMUTATIONS) };
}

/** 2 E|X - Y| - E|X - X'| - E|Y - Y'| between the first and the second half of an order. */
function energy(table: readonly number[][], order: readonly number[]): number {
  const half = Math.floor(order.length / 2);
  const early = order.slice(0, half);
  const late = order.slice(half);
  const between = (a: readonly number[], b: readonly number[]): number => {
    let sum = 0;
    for (const i of a) for (const j of b) sum += table[i]?.[j] ?? 0;
    return sum / (a.length * b.length);
  };
  return 2 * between(early, late) - between(early, early) - between(late, late);
}

/** 0 for equal texts, 1 for texts that differ from the first word on: what comes after a change follows from it. */
function difference(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  if (longest === 0) return 0;
  let same = 0;
  while (same < longest && a[same] === b[same]) same += 1;
  return 1 - same / longest;
}

/** Fisher and Yates, over a generator of its own: the same replies give the same verdict. */
function createShuffle(): (order: readonly number[]) => number[] {
  let state = 0x9e3779b9;
  const below = (n: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
  return (order) => {
    const mixed = [...order];
    for (let i = mixed.length - 1; i > 0; i -= 1) {
      const j = below(i + 1);
      [mixed[i], mixed[j]] = [mixed[j] ?? 0, mixed[i] ?? 0];
    }
    return mixed;
  };
}

const mostCommon = (answers: readonly string[]): { text: string; share: number } => {
  const counts = new Map<string, number>();
  for (const one of answers) counts.set(one, (counts.get(one) ?? 0) + 1);
  const [text, times] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
  return { text, share: answers.length === 0 ? 0 : times / answers.length };
};

function stableAnswers(canaries: ReadonlyMap<number, string[]>): Map<string, string> {
  const stable = new Map<string, string>();
  for (const [canary, answers] of canaries) {
    const { text, share } = mostCommon(answers);
    if (share < STABLE_SHARE) continue;
    stable.set(String(canary), createHash('sha256').update(text).digest('hex').slice(0, 16));
  }
  return stable;
}

const agreementOf = (canaries: ReadonlyMap<number, string[]>): number =>
  [...canaries.values()].reduce((sum, answers) => sum + mostCommon(answers).share, 0) /
  canaries.size;

/** Against the last probe of the same model name; null when nothing can be compared. */
function changedSince(
  stable: ReadonlyMap<string, string>,
  asked: string,
  baseline: ProbeReport | null,
): { compared: number; differ: number } | null {
  if (baseline === null || baseline.model !== asked) return null;
  const details = baseline.checks.find(({ id }) => id === 'pinning')?.details['stable'];
  if (typeof details !== 'string') return null;
  let before: unknown;
  try {
    before = JSON.parse(details);
  } catch {
    return null;
  }
  if (typeof before !== 'object' || before === null) return null;
  const known = new Map(Object.entries(before));
  const both = [...stable].filter(([canary]) => known.has(canary));
  const differ = both.filter(([canary, hash]) => known.get(canary) !== hash).length;
  return { compared: both.length, differ };
}
