import { XyChart } from '../charts/xy-chart.tsx';
import { formatDateTime, formatMean, formatStep } from '../format.ts';
import { Panel } from '../ui/panel.tsx';
import type { Score } from './score-shapes.ts';

const LINES = [
  { key: 'proven', label: 'Proven', colour: 'var(--c-blue)' },
  { key: 'claimed', label: 'Claimed', colour: 'var(--c-amber)' },
  { key: 'simulated', label: 'Simulated', colour: 'var(--c-violet)' },
] as const;
/** Below this, spending is at risk. */
const RISK_BELOW = 10;
const MAX_MOVES = 20;

/** How the totals went over time, what moved and why. */
export function TrendPanel({ score }: { score: Score }) {
  const { trend, moves, categories } = score;
  const spanMs = (trend.at(-1)?.atMs ?? 0) - (trend[0]?.atMs ?? 0);
  const nameOf = (id: string): string => categories.find((one) => one.id === id)?.name ?? id;
  return (
    <Panel id="score-trend" level={2} title="Trend, what moved and why">
      {trend.length < 2 ? (
        <p className="text-xs text-ink-3">One score so far; a trend needs two days.</p>
      ) : (
        <XyChart
          testId="trend"
          label={`Totals over time, from ${trend[0]?.proven} to ${trend.at(-1)?.proven} proven`}
          x={{ label: '', format: (atMs) => formatStep(atMs, spanMs), labelPx: 100 }}
          y={{ label: 'of 16', format: formatMean, spans: [0, 16] }}
          limits={[{ label: 'risk below 10', y: RISK_BELOW }]}
          series={LINES.map(({ key, label, colour }) => ({
            key,
            label,
            colour,
            kind: 'steps',
            points: trend.map((one) => ({ x: one.atMs, y: one[key] })),
          }))}
        />
      )}
      <ul className="flex flex-col gap-1 text-xs">
        {moves.slice(0, MAX_MOVES).map((move) => (
          <li key={`${move.atMs} ${move.category}`} data-testid="move">
            <span className="text-ink-3">{formatDateTime(move.atMs)}</span> {nameOf(move.category)}{' '}
            <strong className={move.to > move.from ? 'text-good' : 'text-bad'}>
              {move.from} → {move.to}
            </strong>
            : {move.because.join('; ')}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
