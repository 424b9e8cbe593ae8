import { formatShare, formatUsd } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Swatch } from '../ui/stacked-bar.tsx';
import { Radar } from './radar.tsx';
import { LEVELS, READINGS, type Category, type Score } from './score-shapes.ts';

const TOTALS = [
  { key: 'proven', label: 'Proven', note: 'from evidence of this platform or documents' },
  { key: 'claimed', label: 'Claimed', note: 'by people, proven or not' },
  { key: 'simulated', label: 'Simulated', note: 'with what simulated engines produced' },
] as const;

const COLOURS = {
  proven: 'var(--c-blue)',
  claimed: 'var(--c-amber)',
  simulated: 'var(--c-violet)',
} as const;

const shortName = (name: string): string => name.split(/[ ,:]/)[0] ?? name;

/** Three totals of 16, what they mean for money, and their shape. */
export function TotalsPanel({ score }: { score: Score }) {
  const reading = READINGS[score.reading];
  return (
    <Panel
      id="score-totals"
      level={2}
      title="Score"
      aside={<Badge tone={reading.tone}>{reading.label}</Badge>}
    >
      <div className="grid items-center gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
        <div className="flex flex-col gap-4">
          <dl className="flex flex-wrap gap-x-8 gap-y-3">
            {TOTALS.map(({ key, label, note }) => (
              <div key={key}>
                <dt className="flex items-center gap-1.5 text-xs text-ink-2" title={note}>
                  <Swatch colour={COLOURS[key]} /> {label}
                </dt>
                <dd className="text-lg font-semibold">
                  <span data-testid={`score-${key}`} data-value={score[key]}>
                    {score[key]}
                  </span>{' '}
                  <span className="text-sm font-normal text-ink-3">of {score.outOf}</span>
                </dd>
              </div>
            ))}
          </dl>
          <p data-testid="score-reading" data-value={score.reading} className="text-sm">
            {score.readingText}
          </p>
          <Levels categories={score.categories} />
        </div>
        <Radar
          label={`Levels by category: ${score.categories.map((one) => `${one.name} ${one.proven} of 2`).join(', ')}`}
          axes={score.categories.map(({ name }) => ({ name, short: shortName(name) }))}
          shapes={[
            {
              key: 'simulated',
              colour: COLOURS.simulated,
              values: score.categories.map((one) => one.simulated),
              dashed: true,
            },
            {
              key: 'claimed',
              colour: COLOURS.claimed,
              values: score.categories.map((one) => one.claimed),
              dashed: true,
            },
            {
              key: 'proven',
              colour: COLOURS.proven,
              values: score.categories.map((one) => one.proven),
            },
          ]}
        />
      </div>
    </Panel>
  );
}

/** Categories that decide over much money and are at 0. */
function Levels({ categories }: { categories: readonly Category[] }) {
  const flagged = categories.filter((one) => one.flagged);
  if (flagged.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {flagged.map((one) => (
        <li key={one.id} className="text-bad">
          <strong>{one.name}</strong> is at {LEVELS[one.proven].label} and decides over{' '}
          {one.spendUsd === null ? '' : `${formatUsd(one.spendUsd)}, `}
          {formatShare(one.spendShare)} of the spend.
        </li>
      ))}
    </ul>
  );
}
