import { Badge, type Tone } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Score } from './score-shapes.ts';

type Late = Score['late'][number];

const STATES: Record<Late['state'], { label: string; tone: Tone }> = {
  late: { label: 'makes you late', tone: 'bad' },
  fine: { label: 'fine', tone: 'good' },
  unknown: { label: 'unknown', tone: 'warn' },
};
const ORDER = ['late', 'unknown', 'fine'] as const;

/** What makes teams late, checked over the same evidence. */
export function LatePanel({ late }: { late: Score['late'] }) {
  const sorted = late.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <Panel id="score-late" level={2} title="What makes you late">
      <ul className="flex flex-col gap-2">
        {sorted.map((one) => (
          <li key={one.id} data-testid="late" data-value={one.state} className="text-xs">
            <p className="flex flex-wrap items-center gap-2">
              <Badge tone={STATES[one.state].tone}>{STATES[one.state].label}</Badge>
              <span className="text-sm">{one.title}</span>
            </p>
            {one.state === 'fine' ? null : (
              <p className="mt-0.5 text-ink-2">
                {one.reasons.join(' ')} <strong>Do:</strong> {one.fix}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
