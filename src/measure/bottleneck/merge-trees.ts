import { CAUSES, groupOf } from './causes.ts';
import { weakestConfidence } from './time-book.ts';
import type { TimeAccount, TimeLeaf, TimeTree } from './why-report.ts';

/** A sum that is unknown as soon as one of its parts is. */
const sumOrNull = (values: ReadonlyArray<number | null>): number | null =>
  values.reduce<number | null>(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    values.length === 0 ? null : 0,
  );

const MAX_EVIDENCE = 8;

/** One tree per business that has an account: training and inference are never mixed in one average. */
export function mergeTrees(accounts: readonly TimeAccount[]): TimeTree[] {
  return (['inference', 'training', 'shared'] as const).flatMap((business) => {
    const own = accounts.filter((one) => one.business === business);
    if (own.length === 0) return [];
    const hours = own.reduce((sum, one) => sum + one.acceleratorHours, 0);
    return {
      business,
      acceleratorHours: hours,
      usd: sumOrNull(own.map((one) => one.usd)),
      energyWh: sumOrNull(own.map((one) => one.energyWh)),
      leaves: mergeLeaves(own, hours),
      missing: [...new Set(own.flatMap((one) => one.missing))],
    };
  });
}

function mergeLeaves(accounts: readonly TimeAccount[], hours: number): TimeLeaf[] {
  return CAUSES.flatMap((cause) => {
    const parts = accounts.flatMap(({ subject, leaves }) =>
      leaves.filter((leaf) => leaf.cause === cause).map((leaf) => ({ subject, leaf })),
    );
    const [first] = parts;
    if (first === undefined) return [];
    const acceleratorHours = parts.reduce((sum, { leaf }) => sum + leaf.acceleratorHours, 0);
    return {
      group: groupOf(cause),
      cause,
      share: hours === 0 ? 0 : acceleratorHours / hours,
      acceleratorHours,
      usd: sumOrNull(parts.map(({ leaf }) => leaf.usd)),
      energyWh: sumOrNull(parts.map(({ leaf }) => leaf.energyWh)),
      confidence: parts.map(({ leaf }) => leaf.confidence).reduce(weakestConfidence),
      evidence: parts
        .flatMap(({ subject, leaf }) => leaf.evidence.map((line) => `${subject}: ${line}`))
        .slice(0, MAX_EVIDENCE),
    };
  });
}
