import { count, instant, plain } from './answer-units.ts';
import type { LiveCluster } from './live-clusters.ts';
import { renderClusterCheck } from './render-cluster-check.ts';

const SHOWN_WAITERS = 5;
const SHOWN_REASONS = 2;

/** A configured cluster on one screen: its check, what every card does, and who waits. Pure. */
export function renderLiveCluster(cluster: LiveCluster, nowMs: number): string {
  const { name, check, lastReadMs, lastError } = cluster;
  const age = lastReadMs === null ? null : Math.max(0, Math.round((nowMs - lastReadMs) / 1000));
  const head = [
    `${plain(name)} (${cluster.kind})` + (age === null ? ', not read yet' : `, read ${age} s ago`),
    ...(cluster.up || lastError === null
      ? []
      : [`last look at ${instant(lastError.atMs)} failed: ${plain(lastError.message)}`]),
  ];
  if (check === null) return `${head.join('\n')}\n`;
  return `${[...head, ...statesOf(cluster), ...waitersOf(cluster)].join('\n')}\n${renderClusterCheck(check)}`;
}

function statesOf({ parts }: LiveCluster): string[] {
  return [...Map.groupBy(parts, ({ state }) => state)]
    .map(([state, all]) => ({ state, all, cards: all.reduce((sum, one) => sum + one.cards, 0) }))
    .sort((a, b) => b.cards - a.cards)
    .map(({ state, all, cards }) => {
      const reasons = all.slice(0, SHOWN_REASONS).map((one) => `${one.subject}: ${one.why}`);
      const more = all.length > SHOWN_REASONS ? `; and ${all.length - SHOWN_REASONS} more` : '';
      const why = state === 'working' ? '' : `  ${plain(reasons.join('; '))}${more}`;
      return `  ${state.padEnd(14)} ${shown(cards).padStart(8)}${why}`;
    });
}

function waitersOf({ waiters }: LiveCluster): string[] {
  const lines = waiters.slice(0, SHOWN_WAITERS).map(({ subject, cards, why }) => {
    const said = why === null || why === '' ? '' : ` (${plain(why.slice(0, 120))})`;
    return `  ${plain(subject)} waits for ${shown(cards)}${said}`;
  });
  const more = waiters.length - lines.length;
  return [...lines, ...(more > 0 ? [`  and ${count(more)} more wait`] : [])];
}

const shown = (cards: number): string => Number(cards.toFixed(2)).toLocaleString('en-US');
