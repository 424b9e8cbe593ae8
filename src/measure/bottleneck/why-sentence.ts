import type { Window } from '../ledger/ledger.ts';
import type { Finding, TimeAccount } from './why-report.ts';
import { dollars, percent } from './rules/spell.ts';

/** One sentence for a person: the largest loss with its fix, or why there is none to name. */
export function whySentence(
  accounts: readonly TimeAccount[],
  findings: readonly Finding[],
  window: Window,
): string {
  if (accounts.length === 0) return 'No accelerator time is known for this window.';
  const [first] = findings;
  const unexplained = unexplainedShare(accounts);
  const rest = unexplained >= 0.01 ? ` ${percent(unexplained)} of all time is unexplained.` : '';
  if (first === undefined) return `No loss is known.${rest}`;
  const usd = first.usd === null ? '' : ` (${dollars(first.usd)} of this ${spanOf(window)})`;
  return `${first.subject}: ${first.explanation}${usd}; ${first.fix}.${rest}`;
}

function unexplainedShare(accounts: readonly TimeAccount[]): number {
  const hours = accounts.reduce((sum, one) => sum + one.acceleratorHours, 0);
  const lost = accounts
    .flatMap((one) => one.leaves)
    .reduce((sum, leaf) => sum + (leaf.cause === 'unexplained' ? leaf.acceleratorHours : 0), 0);
  return hours === 0 ? 0 : lost / hours;
}

function spanOf({ fromMs, toMs }: Window): string {
  const hours = (toMs - fromMs) / 3_600_000;
  if (hours < 1) return `window of ${Math.round(hours * 60)} min`;
  return `window of ${Number(hours.toFixed(1))} h`;
}
